package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that break the rules: none reaches a client as if it were right, and none spoils the next request. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadAnswerIT {

    private RawBackend backend;
    private RunningVelo velo;

    @Parameter
    private Lane lane;

    private static void serve(RawBackend.Exchange exchange) throws IOException {
        if (exchange.target().equals("/good")) {
            exchange.answer(200, "good");
        } else {
            exchange.send(exchange.field("X-Answer").replace("|", "\r\n").replace("~", "\0"));
        }
    }

    @BeforeParameterizedClassInvocation
    void start(Lane of) {
        lane = of;
        backend = RawBackend.doing(BadAnswerIT::serve);
        velo = RunningVelo.unprobed(lane, List.of(backend), "lb.timeouts.response=1s", "lb.timeouts.body-idle=1s");
    }

    @AfterParameterizedClassInvocation
    void stop() throws IOException {
        velo.close();
        backend.close();
    }

    @AfterEach
    void theNextRequestsAreServed() throws IOException {
        velo.awaitIdle();
        for (int i = 0; i < 3; i++) {
            assertThat(RawClient.get(velo.port(), "/good").body()).isEqualTo("good");
        }
    }

    private Answer told(String answer) throws IOException {
        return RawClient.ask(velo.port(), "GET /bad HTTP/1.1\r\nHost: a\r\nX-Answer: " + answer + "\r\n\r\n");
    }

    @Test
    void writesAFieldAnewThatHasASpaceBeforeItsColon() throws IOException {
        assertThat(told("HTTP/1.1 200 OK|X : 1|Content-Length: 0||").head()).containsIgnoringCase("\r\nx: 1\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content||surprise",
                "HTTP/1.1 204 No Content|Content-Length: 8||surprise",
                "HTTP/1.1 304 Not Modified||surprise",
                "HTTP/1.1 304 Not Modified|Content-Length: 8||surprise",
            })
    void ignoresABodyWhereNoneMayBe(String answer) throws IOException {
        assertThat(told(answer).status()).isIn(204, 304);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK|Content-Length: 2||ok and more than promised",
                "HTTP/1.1 200 OK|Content-Length: 2||okHTTP/1.1 200 OK|Content-Length: 4||evil",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|ok|0||HTTP/1.1 200 OK|Content-Length: 4||evil",
            })
    void throwsAwayWhatComesAfterTheAnswer(String answer) throws IOException {
        assertThat(told(answer).body()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 101 Switching Protocols|Upgrade: evil|Connection: upgrade||",
                "HTTP/1.1 OK||",
                "HTTP/1.1 20 OK|Content-Length: 0||",
                "HTTP/1.1 2000 OK|Content-Length: 0||",
                "HTTP/9.9 200 OK|Content-Length: 0||",
                "ICY 200 OK|Content-Length: 0||",
                "HTTP/1.1 200 OK|Content-Length: 2|Content-Length: 3||ok!",
                "HTTP/1.1 200 OK|Content-Length: -1||",
                "HTTP/1.1 200 OK|Content-Length: two||ok",
                "HTTP/1.1 200 OK|Content-Length: 2|Transfer-Encoding: chunked||0||",
                "HTTP/1.1 200 OK|Transfer-Encoding: gzip||ok",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked, gzip||0||",
                "HTTP/1.1 200 OK|X: a~b|Content-Length: 0||",
            })
    void tellsThatItIsNoHttp(String answer) throws IOException {
        Answer told = told(answer);

        assertThat(told.status()).as(told.head()).isEqualTo(502);
        assertThat(told.field("Proxy-Status")).isEqualTo("velo; error=http_protocol_error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz|ok|0||", "-2|ok|0||", "2|okk|0||", "fffffffffffffffff|ok|0||"})
    void cutsTheClientOffInsideABadBody(String chunks) throws IOException {
        assertThat(told("HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|abc|" + chunks)
                        .whole())
                .isFalse();
    }
}
