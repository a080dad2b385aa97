package io.velo.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Reason;
import io.velo.testing.TestPool;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplanationTest {

    private final TestPool pool = TestPool.of("a", "b").build();
    private final Explanation explanation = new Explanation(Lane.EXPRESS, "web \"1\"", pool.clock()::nanos);

    @Test
    void tellsWhereARequestWent() {
        explanation.picked(pool.pool(), pool.backend("a"));

        assertThat(explanation.told())
                .isEqualTo("lane=express, route=\"web \\\"1\\\"\", pool=\"test\", strategy=\"roundrobin\", eligible=2,"
                        + " backend=\"a\", state=up, attempts=1");
    }

    @Test
    void tellsWhatFailedBefore() {
        explanation.picked(pool.pool(), pool.backend("a"));
        explanation.failed(Reason.CONNECTION_REFUSED);
        explanation.picked(pool.pool(), pool.backend("b"));

        assertThat(explanation.told())
                .endsWith("backend=\"b\", state=up, attempts=2, failed=(\"a: connection_refused\")");
    }

    @Test
    void tellsThatNobodyWasPicked() {
        explanation.failed(Reason.DESTINATION_UNAVAILABLE);

        assertThat(explanation.told())
                .isEqualTo("lane=express, route=\"web \\\"1\\\"\", attempts=0, failed=(\"destination_unavailable\")");
        assertThat(explanation.timing()).isEqualTo("total;dur=0.000");
    }

    @Test
    void tellsHowLongItTook() {
        pool.advance(Duration.ofMillis(1));
        explanation.picked(pool.pool(), pool.backend("a"));
        pool.advance(Duration.ofMillis(20));
        explanation.connected();
        pool.advance(Duration.ofMillis(300));

        assertThat(explanation.timing())
                .isEqualTo("pick;dur=1.000, queue;dur=20.000, backend;dur=300.000, total;dur=321.000");
    }

    @Test
    void tellsHowLongItHasWaitedInVain() {
        explanation.picked(pool.pool(), pool.backend("a"));
        pool.advance(Duration.ofMillis(20));

        assertThat(explanation.timing()).isEqualTo("pick;dur=0.000, queue;dur=20.000, total;dur=20.000");
    }

    @ParameterizedTest
    @CsvSource({
        "false,'',secret,false",
        "false,'','',false",
        "false,secret,secret,true",
        "false,secret,Secret,false",
        "false,secret,'',false",
        "true,'','',true",
        "true,secret,other,true"
    })
    void isForWhoMayKnow(boolean always, String token, String shown, boolean told) {
        assertThat(new ExplainRule(always, token).admits(shown)).isEqualTo(told);
    }

    @Test
    void keepsTheTokenOutOfLogs() {
        assertThat(new ExplainRule(false, "secret")).asString().doesNotContain("secret");
        assertThat(ExplainRule.NOBODY.off()).isTrue();
        assertThat(new ExplainRule(false, "secret").off()).isFalse();
        assertThat(new ExplainRule(true, "").off()).isFalse();
    }
}
