package io.velo.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.proxyprotocol.ProxyHeaderReader;
import io.velo.testing.RawClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.netty.http.HttpResources;
import reactor.netty.http.server.HttpServer;

class HttpsRedirectIT {

    private static int to = 8443;

    private static final HttpsRedirect REDIRECT =
            new HttpsRedirect("127.0.0.1", 0, () -> to, server -> server, HttpResources.get());

    @BeforeAll
    static void start() {
        REDIRECT.start();
    }

    @AfterAll
    static void stop() {
        REDIRECT.stop();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, shop.test, /a?b=%20c, 8443, 301, https://shop.test:8443/a?b=%20c",
        "HEAD, shop.test:8080, /, 8443, 301, https://shop.test:8443/",
        "POST, shop.test:80, /a, 443, 308, https://shop.test/a",
        "GET, [::1]:80, //a, 443, 301, https://[::1]//a"
    })
    void sendsOn(String method, String host, String target, int port, int status, String location) throws IOException {
        to = port;
        RawClient.Answer answer = RawClient.ask(
                REDIRECT.port(),
                method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\n\r\n");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.field("Location")).isEqualTo(location);
        assertThat(answer.field("Strict-Transport-Security")).isEmpty();
        assertThat(answer.field("Connection")).isEqualTo("close");
    }

    @ParameterizedTest
    @CsvSource({"/, evil.test/@a", "/, ''", "*, shop.test", "/, a b"})
    void sendsNobodyWhereHeDidNotAskToGo(String target, String host) throws IOException {
        RawClient.Answer answer =
                RawClient.ask(REDIRECT.port(), "OPTIONS " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.field("Location")).isEmpty();
    }

    @Test
    void readsWhatAProxySaysOfAConnection() throws IOException {
        HttpsRedirect behindProxy =
                new HttpsRedirect("127.0.0.1", 0, () -> 443, HttpsRedirectIT::withProxyHeaders, HttpResources.get());
        behindProxy.start();
        try {
            RawClient.Answer answer = RawClient.ask(
                    behindProxy.port(),
                    "PROXY TCP4 192.0.2.7 198.51.100.1 4321 80\r\nGET /a HTTP/1.1\r\nHost: shop.test\r\n\r\n");

            assertThat(answer.field("Location")).isEqualTo("https://shop.test/a");
        } finally {
            behindProxy.stop();
        }
    }

    private static HttpServer withProxyHeaders(HttpServer server) {
        return server.doOnChannelInit((observer, channel, remote) ->
                ProxyHeaderReader.install(channel, "127.0.0.1"::equals, Duration.ofSeconds(30)));
    }
}
