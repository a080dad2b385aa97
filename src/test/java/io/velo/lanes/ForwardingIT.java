package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches the backend, and what of its answer reaches the client, byte by byte. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForwardingIT {

    private RawBackend backend;
    private RunningVelo velo;

    @Parameter
    private Lane lane;

    private static void serve(RawBackend.Exchange exchange) throws IOException {
        if (exchange.target().startsWith("/as-told")) {
            exchange.body();
            exchange.send(exchange.field("X-Answer").replace("|", "\r\n"));
        } else if (exchange.field("Transfer-Encoding").equals("chunked")) {
            String body = exchange.chunkedBody();
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        } else if (exchange.method().equals("HEAD")) {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
        } else {
            String body = new String(exchange.body(), java.nio.charset.StandardCharsets.ISO_8859_1);
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        }
    }

    @BeforeParameterizedClassInvocation
    void start(Lane of) {
        lane = of;
        backend = RawBackend.doing(ForwardingIT::serve);
        velo = RunningVelo.unprobed(
                lane,
                List.of(backend),
                "spring.cloud.gateway.server.webflux.routes[0].id=strip",
                "spring.cloud.gateway.server.webflux.routes[0].uri=lb://default",
                "spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/strip/**",
                "spring.cloud.gateway.server.webflux.routes[0].filters[0]=StripPrefix=1",
                "spring.cloud.gateway.server.webflux.routes[0].filters[1]=PreserveHostHeader",
                "spring.cloud.gateway.server.webflux.routes[1].id=all",
                "spring.cloud.gateway.server.webflux.routes[1].uri=lb://default",
                "spring.cloud.gateway.server.webflux.routes[1].predicates[0]=Path=/**");
    }

    @AfterParameterizedClassInvocation
    void stop() throws IOException {
        velo.awaitIdle();
        velo.close();
        backend.close();
    }

    private String lastHead() {
        return backend.heads().get(backend.requests() - 1);
    }

    private Answer ask(String request) throws IOException {
        return RawClient.ask(velo.port(), request);
    }

    @Test
    void sendsWhatTheClientSentAndWhoItIsAndNothingElse() throws IOException {
        ask("GET /x HTTP/1.1\r\nHost: shop.test:8090\r\nX-One: 1\r\nx-one: 2\r\n\r\n");

        assertThat(lastHead().lines())
                .usingElementComparator(String.CASE_INSENSITIVE_ORDER)
                .containsExactlyInAnyOrder(
                        "GET /x HTTP/1.1",
                        "host: 127.0.0.1:" + backend.port(),
                        "X-One: 1",
                        "x-one: 2",
                        "X-Forwarded-For: 127.0.0.1",
                        "X-Forwarded-Proto: http",
                        "X-Forwarded-Host: shop.test:8090",
                        "X-Forwarded-Port: 8090",
                        "Via: 1.1 velo",
                        "");
    }

    @Test
    void dropsWhatAStrangerSaysOfOthersHoweverItIsWritten() throws IOException {
        ask(
                "GET /x HTTP/1.1\r\nHost: a\r\nX_Forwarded_For: 6.6.6.6\r\nx-forwarded_proto: https\r\nForwarded: for=6.6.6.6\r\n"
                        + "X_FORWARDED_CLIENT_CERT: By=me\r\nClient_Cert: :me:\r\nclient-cert_chain: :me:\r\nX_Other: kept\r\n\r\n");

        assertThat(lastHead())
                .contains("X_Other: kept", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: http\r\n")
                .doesNotContain("6.6.6.6", "https", "By=me", ":me:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a%2Fb/%20?x=%00&y=%zz",
                "/a%2fb?q=%C3%A9",
                "//two//slashes/",
                "/./a/../b",
                "/a;v=1,2/b=c&d@e:f$g!h'i(j)*k+l~m",
                "/pipe|caret^quote\"brace{}back`tick\\slash<>",
                "/[brackets]?in=[query]",
                "/stop%",
                "/?",
                "/?a=b?c=d",
                "/a%2",
                "/%7euser/%41"
            })
    void passesTheTargetOnByteForByte(String target) throws IOException {
        Answer answer = RawClient.get(velo.port(), target);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(lastHead()).startsWith("GET " + target + " HTTP/1.1\r\n");
    }

    @Test
    void leavesTheRestOfTheTargetAloneWhenAFilterChangesThePath() throws IOException {
        RawClient.get(velo.port(), "/strip/a%2Fb?x=%00&y=1");

        assertThat(lastHead()).startsWith("GET /a%2Fb?x=%00&y=1 HTTP/1.1\r\n").containsIgnoringCase("host: velo.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE", "M-SEARCH"})
    void passesAnyMethodOnWithItsBody(String method) throws IOException {
        Answer answer = ask(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");

        assertThat(answer.body()).isEqualTo("hello");
        assertThat(lastHead()).startsWith(method + " /").containsIgnoringCase("content-length: 5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void passesChunksOn(String method) throws IOException {
        Answer answer = ask(method
                + " / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3\r\nyou\r\n0\r\n\r\n");

        assertThat(answer.body().replaceAll("[0-9a-f]+\r\n|\r\n", "")).isEqualTo("helloyou");
        assertThat(lastHead().toLowerCase()).doesNotContain("content-length");
    }

    @Test
    void addsNoBodyToAPostWithoutOne() throws IOException {
        ask("POST / HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(lastHead().toLowerCase()).doesNotContain("transfer-encoding").contains("content-length: 0");
    }

    @Test
    void answersHeadWithTheLengthAndNoBody() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            Answer answer = client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").read(true);
            assertThat(answer.field("Content-Length")).isEqualTo("1234");

            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
                            .read()
                            .body())
                    .as("the connection is still in step")
                    .isEqualTo("hi");
        }
    }

    @Test
    void dropsWhatBelongsToOneConnection() throws IOException {
        ask(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: X-Hop, keep-alive\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nProxy-Connection: keep-alive\r\nTE: trailers\r\n\r\n");

        assertThat(lastHead().toLowerCase())
                .doesNotContain("x-hop", "keep-alive", "te:", "connection:"); // Proxy-Connection is one, too
    }

    @Test
    void passesTheAnswersFieldsOn() throws IOException {
        Answer answer =
                ask("GET /as-told HTTP/1.1\r\nHost: a\r\nX-Answer: HTTP/1.1 299 Fine|Set-Cookie: a=1|Set-Cookie: b=2"
                        + "|Content-Length: 2|Connection: X-Mine|X-Mine: 1||ok\r\n\r\n");

        assertThat(answer.status()).isEqualTo(299);
        assertThat(answer.head()).containsIgnoringCase("set-cookie: a=1").containsIgnoringCase("set-cookie: b=2");
        assertThat(answer.head()).doesNotContainIgnoringCase("x-mine");
        assertThat(answer.body()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void passesAnswersWithoutABodyOn(int status) throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            String told = "HTTP/1.1 " + status + " X|ETag: e||";
            client.send("GET /as-told HTTP/1.1\r\nHost: a\r\nX-Answer: " + told + "\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(status);

            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void believesNobodyByDefault() throws IOException {
        ask(
                "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\n"
                        + "X-Forwarded-Port: 1\r\nX-Forwarded-Prefix: /evil\r\nForwarded: for=6.6.6.6\r\n\r\n");

        assertThat(lastHead())
                .contains("X-Forwarded-For: 127.0.0.1\r\n", "X-Forwarded-Proto: http\r\n", "X-Forwarded-Host: a\r\n")
                .doesNotContainIgnoringCase("evil")
                .doesNotContain("6.6.6.6");
    }

    @Test
    void answersExpectationsAndThenTakesTheBody() throws IOException {
        try (RawClient client = RawClient.to(velo.port())
                .send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")) {
            assertThat(client.read().status()).isEqualTo(100);
            assertThat(client.send("hello").read().body()).isEqualTo("hello");
        }
    }

    @Test
    void answersPipelinedRequestsInTurn() throws IOException {
        String one = "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n";
        try (RawClient client = RawClient.to(velo.port()).send(one + "1" + one + "2" + one + "3")) {
            assertThat(client.read().body()).isEqualTo("1");
            assertThat(client.read().body()).isEqualTo("2");
            assertThat(client.read().body()).isEqualTo("3");
        }
    }

    @Test
    void servesAClientOfTheOldProtocol() throws IOException {
        try (RawClient client = RawClient.to(velo.port()).send("GET / HTTP/1.0\r\n\r\n")) {
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.readByte()).isEqualTo(-1);
        }
    }
}
