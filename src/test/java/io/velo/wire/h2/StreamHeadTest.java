package io.velo.wire.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamHeadTest {

    private static Http2Headers head() {
        return new DefaultHttp2Headers(false)
                .method("GET")
                .scheme("http")
                .path("/a?b")
                .authority("velo.test");
    }

    private static HttpRequest read(Http2Headers head) {
        return StreamHead.request(head, true, 100);
    }

    @Test
    void readsAsOneOfHttp11() {
        Http2Headers head = head();
        head.add("cookie", "a=1").add("x", "1").add("cookie", "b=2").add("x", "2");

        HttpRequest request = read(head);

        assertThat(request.decoderResult().isSuccess()).isTrue();
        assertThat(request.method().name()).isEqualTo("GET");
        assertThat(request.uri()).isEqualTo("/a?b");
        assertThat(request.headers().get("host")).isEqualTo("velo.test");
        assertThat(request.headers().getAll("cookie")).containsExactly("a=1; b=2");
        assertThat(request.headers().getAll("x")).containsExactly("1", "2");
        assertThat(request.headers().size()).isEqualTo(4);
    }

    @Test
    void tellsTheEndOfContentByChunksUnlessThereIsALength() {
        assertThat(StreamHead.request(head(), false, 100).headers().get("transfer-encoding"))
                .isEqualTo("chunked");
        Http2Headers known = head();
        known.add("content-length", "3");
        assertThat(StreamHead.request(known, false, 100).headers().contains("transfer-encoding"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "connection, close",
        "keep-alive, timeout=5",
        "transfer-encoding, chunked",
        "upgrade, h2c",
        "te, gzip",
        "x, ' a'",
        "x, 'a\t'",
        "host, other.test"
    })
    void isUndecodableWithSuchAField(String name, String value) {
        Http2Headers head = head();
        head.add(name, value);

        assertThat(read(head).decoderResult().isFailure()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({":method", ":scheme", ":path"})
    void isUndecodableWithout(String name) {
        Http2Headers head = head();
        head.remove(name);

        assertThat(read(head).decoderResult().isFailure()).isTrue();
    }

    @Test
    void isUndecodableWithATargetThatIsTooLong() {
        assertThat(read(head().path("/" + "a".repeat(100))).decoderResult().isFailure())
                .isTrue();
    }

    private static Http2Headers tunnel() {
        Http2Headers head = head().method("CONNECT");
        head.add(":protocol", "websocket");
        return head;
    }

    @Test
    void readsATunnelForAWebSocketAsAnUpgrade() {
        HttpRequest request = StreamHead.request(tunnel(), false, 100);

        assertThat(request.decoderResult().isSuccess()).isTrue();
        assertThat(request.method().name()).isEqualTo("GET");
        assertThat(request.uri()).isEqualTo("/a?b");
        assertThat(request.headers().get("connection")).isEqualTo("upgrade");
        assertThat(request.headers().get("upgrade")).isEqualTo("websocket");
        assertThat(request.headers().contains("transfer-encoding")).isFalse();
    }

    @Test
    void isUndecodableAsATunnelWithAnEndOrALength() {
        Http2Headers known = tunnel();
        known.add("content-length", "3");

        assertThat(StreamHead.request(tunnel(), true, 100).decoderResult().isFailure())
                .isTrue();
        assertThat(StreamHead.request(known, false, 100).decoderResult().isFailure())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({":authority", ":scheme", ":path"})
    void isUndecodableAsATunnelWithout(String name) {
        Http2Headers head = tunnel();
        head.remove(name);

        assertThat(StreamHead.request(head, false, 100).decoderResult().isFailure())
                .isTrue();
    }

    @Test
    void isUndecodableWithAProtocolButNoConnect() {
        assertThat(StreamHead.request(tunnel().method("GET"), false, 100)
                        .decoderResult()
                        .isFailure())
                .isTrue();
    }
}
