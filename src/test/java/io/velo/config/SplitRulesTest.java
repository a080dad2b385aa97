package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitRulesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "canary.pool     | none        | there is no such pool; there are default, api",
                "canary.percent  | 101         | must be 0 to 100",
                "canary.percent  | 5           | needs {}canary.pool, the pool that gets the share",
                "canary.key      | header      | must be cookie, address, or header:NAME",
                "canary.key      | header:a b  | must be cookie, address, or header:NAME",
                "canary.guard.max-error-ratio | 0.5 | must be at least 1, or 0 for no guard",
                "canary.guard.min-requests    | 0   | must be at least 1",
                "canary.guard.window          | 0s  | must be at least 1ms and at most 24d",
                "mirror.pool     | none        | there is no such pool; there are default, api",
                "mirror.pool     | default     | leads back to pool default",
                "mirror.percent  | -1          | must be 0 to 100",
                "mirror.max-in-flight | 0      | must be at least 1",
                "mirror.body-limit    | 17MB   | must be 0B to 16MB"
            })
    void nameAWrongValue(String key, String value, String rule) {
        assertThat(TestConfig.ofFile("lb.pools.api.backends: [ http://a:1 ]\nlb." + key + ": '" + value + "'")
                        .problems())
                .anySatisfy(problem -> {
                    assertThat(problem.key()).isEqualTo("lb." + key);
                    assertThat(problem.rule()).isEqualTo(rule.replace("{}", "lb."));
                });
    }

    @Test
    void findACircle() {
        TestConfig config = TestConfig.ofFile("""
                lb:
                  canary: { pool: a, percent: 1 }
                  pools:
                    a.canary: { pool: b, percent: 1 }
                    b.canary: { pool: default, percent: 1 }
                    c.canary: { pool: c, percent: 1 }
                """);

        assertThat(config.problems())
                .extracting(ConfigProblem::key, ConfigProblem::rule)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("lb.canary.pool", "leads back to pool default"),
                        org.assertj.core.groups.Tuple.tuple("lb.pools.a.canary.pool", "leads back to pool a"),
                        org.assertj.core.groups.Tuple.tuple("lb.pools.b.canary.pool", "leads back to pool b"),
                        org.assertj.core.groups.Tuple.tuple("lb.pools.c.canary.pool", "leads back to pool c"));
    }

    @Test
    void leaveEachPoolItsOwn() {
        TestConfig config = TestConfig.ofFile("""
                lb:
                  canary: { pool: a, percent: 2.5, key: "header:X-User", guard: { window: 10s } }
                  pools.a.backends: [ http://a:1 ]
                """);

        assertThat(config.problems()).isEmpty();
        assertThat(config.pool().canary().percent()).isEqualTo(2.5);
        assertThat(config.pool("a").canary().pool()).isEmpty();
        assertThat(config.pool("a").canary().percent()).isZero();
    }
}
