package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.velo.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes of backends, as bad as can be: one answer for a request, however they come, and none for the next one. */
class AnswerFuzzTest {

    private static final int INPUTS = 1000;
    private static final List<String> CORPUS = List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n0\r\nX-T: u\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
            "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nuntil the end",
            "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    private static final List<String> WORDS = List.of(
            "\r\n",
            "\n",
            "\r",
            " ",
            "\t",
            "\0",
            ":",
            "HTTP/1.1 ",
            "HTTP/2.0 ",
            "200",
            "099",
            "1000",
            "Content-Length: 3\r\n",
            "Content-Length: -1\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: gzip\r\n",
            "chunked, ",
            "0\r\n\r\n",
            "FFFFFFFFF",
            "\u00ff",
            "Connection: Set-Cookie\r\n",
            "Set-Cookie : a\r\n",
            " folded\r\n");

    @Test
    void isOneForARequestHoweverItComes() {
        Fuzz.of("answer", CORPUS, WORDS, INPUTS).bytes(input -> {
            HttpMethod method = Fuzz.randomOf(input).nextInt(4) == 0 ? HttpMethod.HEAD : HttpMethod.GET;
            Reading whole = read(method, List.of(input));
            Reading parts = read(method, Fuzz.pieces(input));

            assertThat(whole.heads.size()).isLessThanOrEqualTo(1);
            assertThat(whole.bad || parts.bad || whole.heads.equals(parts.heads))
                    .as(whole.heads + " and in pieces " + parts.heads)
                    .isTrue();
            boolean cut = whole.bad || parts.bad || whole.closed || parts.closed; // by what came too early or too much
            assertThat(cut || whole.body.toString().equals(parts.body.toString()))
                    .as(whole.body + " and in pieces " + parts.body)
                    .isTrue();
        });
    }

    private static Reading read(HttpMethod method, List<byte[]> parts) {
        EmbeddedChannel channel = new EmbeddedChannel();
        AnswerGuard.append(channel.pipeline());
        channel.writeOutbound(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, "/"));
        Reading reading = new Reading();
        for (byte[] part : parts) {
            if (channel.isOpen()) {
                channel.writeInbound(Unpooled.wrappedBuffer(part));
                reading.takeAll(channel);
            }
        }
        reading.closed = !channel.isOpen();
        channel.finishAndReleaseAll();
        return reading;
    }

    private static final class Reading {

        private final List<String> heads = new ArrayList<>();
        private final StringBuilder body = new StringBuilder();
        private boolean ended;
        private boolean bad;
        private boolean closed;

        void takeAll(EmbeddedChannel channel) {
            for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
                take(message);
                ReferenceCountUtil.release(message);
            }
        }

        private void take(Object message) {
            assertThat(ended).as("something comes behind the end: " + message).isFalse();
            if (message instanceof HttpResponse head) {
                bad |= head.decoderResult().isFailure();
                heads.add(head.status().code() + " " + head.headers().entries());
            }
            if (message instanceof HttpContent content) {
                bad |= content.decoderResult().isFailure();
                body.append(content.content().toString(StandardCharsets.ISO_8859_1));
            }
            ended |= message instanceof LastHttpContent;
        }
    }
}
