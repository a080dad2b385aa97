package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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

/** Requests that a backend might understand in another way than Velo: refused, and the connection closed. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NastyRequestIT {

    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    private final AtomicInteger whole = new AtomicInteger();
    private RawBackend backend;
    private RunningVelo velo;

    @Parameter
    private Lane lane;

    private void serve(RawBackend.Exchange exchange) throws IOException {
        String body =
                exchange.field("Transfer-Encoding").isEmpty() ? new String(exchange.body()) : exchange.chunkedBody();
        whole.incrementAndGet();
        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    @BeforeParameterizedClassInvocation
    void start(Lane of) {
        lane = of;
        backend = RawBackend.doing(this::serve);
        velo = RunningVelo.unprobed(lane, List.of(backend));
    }

    @AfterParameterizedClassInvocation
    void stop() throws IOException {
        velo.close();
        backend.close();
    }

    @AfterEach
    void theNextRequestsAreServed() throws IOException {
        velo.awaitIdle();
        for (int i = 0; i < 2; i++) {
            String post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";
            assertThat(RawClient.ask(velo.port(), post).body()).isEqualTo("hi");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a?b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost:\r\n\r\n",
                "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://a@b/ HTTP/1.1\r\nHost: b\r\n\r\n",
                "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET a/b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
                "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n",
                "TRACE / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n",
                "GE\"T / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1 x\r\nHost: a\r\n\r\n",
                "GET / http/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.9\r\nHost: a\r\n\r\n",
                "GET /\r\nHost: a\r\n\r\n",
                "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: 1\u00002\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r2\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\r\n\r\n",
                "GET  /x HTTP/1.1\r\nHost: a\r\nX: 1 2\r\n\r\n",
                " GET /x HTTP/1.1\r\nHost: a\r\nX: 1 2\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n",
            })
    void refusesAHeadThatIsInDoubt(String request) throws IOException {
        assertRefused(request);
    }

    /** Can be read in one way only; the backend gets it written without the oddity. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\nGET /x HTTP/1.1\r\nHost: a\r\nX: 1 2\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\nX: \t1 2 \t\r\n\r\n",
            })
    void writesAnewWhatIsOddButClear(String request) throws IOException {
        assertThat(RawClient.ask(velo.port(), request).status()).isEqualTo(200);

        assertThat(backend.heads().get(backend.requests() - 1))
                .startsWith("GET /x HTTP/1.1\r\n")
                .contains("X: 1 2\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 4\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 4",
                "Content-Length: 4\r\nContent-Length: 5",
                "Content-Length: 4\r\nContent-Length: 4",
                "Content-Length: 4, 5",
                "Content-Length: +4",
                "Content-Length: -4",
                "Content-Length: 4 4",
                "Content-Length: 0x4",
                "Content-Length: four",
                "Content-Length: 99999999999999999999",
                "Content-Length:",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding:\u000bchunked",
                "Transfer-Encoding:",
            })
    void refusesABodyWhoseEndIsInDoubt(String framing) throws IOException {
        assertRefused("POST / HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n0\r\n\r\n" + SMUGGLED);
    }

    @Test
    void refusesChunksOfTheOldProtocol() throws IOException {
        assertRefused("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
    }

    private void assertRefused(String request) throws IOException {
        int before = backend.requests();
        try (RawClient client = RawClient.to(velo.port()).send(request)) {
            Answer answer = client.read();

            assertThat(answer.status()).as(answer.head()).isEqualTo(400);
            assertThat(answer.field("Proxy-Status")).isEqualTo("velo; error=http_request_error");
            assertThat(client.readByte()).as("closed").isEqualTo(-1);
        }
        assertThat(backend.requests()).as("nothing reached the backend").isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\nhello\r\n0\r\n\r\n",
                "-5\r\nhello\r\n0\r\n\r\n",
                "+5\r\nhello\r\n0\r\n\r\n",
                "0x5\r\nhello\r\n0\r\n\r\n",
                "5\r\nhelloo\r\n0\r\n\r\n",
                "5\r\nhello0\r\n\r\n",
                "5\nhello\r\n0\r\n\r\n",
                "5\r\nhello\n0\r\n\r\n",
                "fffffffffffffffff\r\nhello\r\n0\r\n\r\n",
                "\r\nhello\r\n0\r\n\r\n",
                "5;a\nb\r\nhello\r\n0\r\n\r\n",
            })
    void breaksOffAtTheBackendWhenAChunkIsBad(String chunks) throws IOException {
        int before = backend.requests();
        int wholeBefore = whole.get();
        int openBefore = backend.connections();
        try (RawClient client = RawClient.to(velo.port())
                .send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")) {
            await().until(() -> backend.requests() == before + 1);
            client.send(chunks + SMUGGLED);

            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.readByte()).as("closed").isEqualTo(-1);
        }
        velo.awaitIdle();
        await().untilAsserted(() -> assertThat(backend.connections())
                .as("the one it came on is closed, others stay")
                .isLessThanOrEqualTo(openBefore));
        assertThat(whole.get()).as("the backend never had a whole request").isEqualTo(wholeBefore);
        assertThat(backend.requests()).as("and nothing was smuggled").isEqualTo(before + 1);
    }
}
