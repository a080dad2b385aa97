package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.velo.http.PathChoice;
import io.velo.http.Underscores;
import io.velo.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes of clients, as bad as can be: each request is read in one way only, or not at all. */
class RequestFuzzTest {

    private static final int INPUTS = 4000;

    private static final List<String> CORPUS = List.of(
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /a/../b?c=d HTTP/1.1\r\nHost: a:80\r\nConnection: close, X-A\r\nX-A: b\r\n\r\n",
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX-T: u\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n",
            "GET http://a/b HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            "PUT /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
            "HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

    private static final List<String> WORDS = List.of(
            "\r",
            "\n",
            "\r\n",
            "\r\n\r\n",
            " ",
            "\t",
            "\0",
            ":",
            ";",
            ",",
            "\"",
            "%00",
            "%2e",
            "/..",
            "//",
            "\\",
            "Content-Length: 0\r\n",
            "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: x\r\n",
            "Host: b\r\n",
            "chunked",
            "identity",
            "0",
            "+5",
            "0x5",
            "FFFFFFFFF",
            "-1",
            "HTTP/1.1",
            "HTTP/2.0",
            "\u00ff",
            "Connection: Host\r\n",
            " \r\n",
            "_",
            "X_A: b\r\n");

    private static final ClientRules RULES = new ClientRules(
            new ClientTimes(
                    Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), 0),
            100,
            PathChoice.NORMALIZE,
            Underscores.DROP,
            false);

    @Test
    void doesNotDependOnHowTheBytesArrive() {
        Fuzz.of("request-pieces", CORPUS, WORDS, INPUTS).bytes(input -> {
            Reading whole = read(List.of(input));
            Reading parts = read(Fuzz.pieces(input));

            int both = Math.min(whole.requests.size(), parts.requests.size());
            assertThat(whole.requests.subList(0, both))
                    .as(() -> "of " + Fuzz.text(input))
                    .isEqualTo(parts.requests.subList(0, both));
            assertThat(parts.broken || whole.broken || whole.requests.size() == parts.requests.size())
                    .as(() -> "of " + Fuzz.text(input))
                    .isTrue();
        });
    }

    @Test
    void acceptsNothingThatCanBeReadInTwoWays() {
        Fuzz.of("request-readings", CORPUS, WORDS, INPUTS).bytes(input -> {
            Reading reading = read(List.of(input));

            assertThat(reading.accepted).as(() -> "of " + Fuzz.text(input)).allSatisfy(request -> {
                assertThat(request.headers().getAll("Host")).hasSizeLessThanOrEqualTo(1);
                assertThat(request.headers().getAll("Content-Length")).hasSizeLessThanOrEqualTo(1);
                assertThat(request.headers().contains("Content-Length")
                                && request.headers().contains("Transfer-Encoding"))
                        .isFalse();
                assertThat(request.uri()).matches("/[!-~&&[^#\\\\]]*|\\*").doesNotContainPattern("^[^?]*/\\.\\.?(/|$)");
                assertThat(request.headers().names()).noneMatch(name -> name.contains("_"));
            });
        });
    }

    private static Reading read(List<byte[]> parts) {
        EmbeddedChannel channel = new EmbeddedChannel(new RequestDecoder(new HttpDecoderConfig(), new ArrayDeque<>()));
        Reading reading = new Reading();
        for (byte[] part : parts) {
            channel.writeInbound(Unpooled.wrappedBuffer(part));
            for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
                reading.take(message);
                ReferenceCountUtil.release(message);
            }
        }
        channel.finishAndReleaseAll();
        return reading;
    }

    /** What was read: heads, and contents of those that came to their end. */
    private static final class Reading {

        private final List<String> requests = new ArrayList<>();
        private final List<HttpRequest> accepted = new ArrayList<>();
        private final StringBuilder current = new StringBuilder();
        private boolean broken;

        void take(Object message) {
            broken |= message instanceof DecoderResultProvider decoded
                    && decoded.decoderResult().isFailure();
            if (broken) {
                return;
            }
            if (message instanceof HttpRequest request) {
                head(request);
            }
            if (message instanceof HttpContent content) {
                current.append(content.content().toString(StandardCharsets.ISO_8859_1));
            }
            if (message instanceof LastHttpContent last) {
                requests.add(current.append(last.trailingHeaders().entries()).toString());
                current.setLength(0);
            }
        }

        private void head(HttpRequest request) {
            current.append(request.method())
                    .append(' ')
                    .append(request.uri())
                    .append(request.headers().entries());
            if (RequestHeads.judge(request, "http", RULES) == RequestHeads.ACCEPTED) {
                accepted.add(RequestHeads.normalized(request, "http", RULES));
            }
        }
    }
}
