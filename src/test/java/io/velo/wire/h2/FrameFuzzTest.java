package io.velo.wire.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.ReferenceCountUtil;
import io.velo.testing.Fuzz;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Frames and heads of HTTP/2, as bad as can be. */
class FrameFuzzTest {

    private static final int INPUTS = 1000;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final List<String> CORPUS = List.of(
            PREFACE + "\0\0\0\4\0\0\0\0\0" + "\0\0\3\1\5\0\0\0\1\u0082\u0084\u0086",
            PREFACE + "\0\0\1\1\0\0\0\0\1x" + "\0\0\1\u0009\4\0\0\0\1y" + "\0\0\4\3\0\0\0\0\1\0\0\0\u0008",
            PREFACE + "\0\0\u0008\6\0\0\0\0\00012345678" + "\0\0\5\2\0\0\0\0\3\0\0\0\1\1",
            PREFACE + "\0\0\5\0\u0009\0\0\0\1\4abcd" + "\0\0\4\u0008\0\0\0\0\0\0\0\1\0",
            PREFACE + "\0\0\u0008\7\0\0\0\0\0\0\0\0\1\0\0\0\2");
    private static final List<String> WORDS = List.of(
            "\0\0\0",
            "\0\0\0\4\0\0\0\0\0",
            "\0\0\0\4\1\0\0\0\0",
            "\0\0\0\1\5\0\0\0\3",
            "\0\0\0\u0009\0\0\0\0\1",
            "\0\0\4\3\0\0\0\0\3\0\0\0\1",
            "\u00ff\u00ff\u00ff",
            "\u0080\0\0\1",
            "\0\0\0\0\0\0\0\0\1");

    @Test
    void framesAreTheSameWhateverPiecesTheyComeIn() {
        Fuzz.of("h2-frames", CORPUS, WORDS, INPUTS)
                .bytes(input -> assertThat(frames(Fuzz.pieces(input))).isEqualTo(frames(List.of(input))));
    }

    private static List<String> frames(List<byte[]> parts) {
        List<String> seen = new ArrayList<>();
        FrameWalk walk = new FrameWalk(
                frame -> seen.add(frame.type() + " " + frame.stream() + " " + frame.length()), PREFACE.length());
        parts.forEach(part -> walk.goOn(Unpooled.wrappedBuffer(part)));
        return seen;
    }

    @Test
    void floodsAreTheSameToo() {
        Fuzz.of("h2-gate", CORPUS, WORDS, INPUTS).bytes(input -> {
            Set<Flood> whole = guarded(List.of(input));

            assertThat(guarded(Fuzz.pieces(input))).isEqualTo(whole);
            assertThat(whole).hasSizeLessThanOrEqualTo(1);
        });
    }

    private static Set<Flood> guarded(List<byte[]> parts) {
        Set<Flood> endings = new HashSet<>();
        Http2Limits limits =
                new Http2Limits(100, 65_535, 16_384, 8_192, 3, 30, Duration.ofSeconds(10), Duration.ofSeconds(60));
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(new FrameGate(limits, endings::add, () -> 0));
        for (byte[] part : parts) {
            if (!channel.isOpen()) {
                break;
            }
            channel.writeInbound(Unpooled.wrappedBuffer(part));
            for (Object passed = channel.readInbound(); passed != null; passed = channel.readInbound()) {
                ReferenceCountUtil.release(passed);
            }
        }
        channel.finishAndReleaseAll();
        return endings;
    }

    private static final List<String> HEADS = List.of(
            ":method GET\n:scheme http\n:path /a?b\n:authority a.test\ncookie a=b\ncookie c=d\nx y",
            ":method POST\n:scheme https\n:path /\n:authority a.test\ncontent-length 5\nte trailers\nhost a.test",
            ":method CONNECT\n:authority a.test:80",
            ":method GET\n:scheme http\n:path *\nhost a.test\ncontent-type application/grpc");
    private static final List<String> PARTS = List.of(
            "\n",
            " ",
            ":method",
            ":path ",
            ":authority b.test\n",
            "host b.test\n",
            "content-length 6\n",
            "content-length 0999999999999999999999\n",
            "transfer-encoding chunked\n",
            "connection x\n",
            "upgrade h2c\n",
            "te gzip\n",
            "\r",
            "\0",
            "\t",
            "%0d%0a",
            "//",
            "@",
            "cookie ",
            ":",
            "_",
            "A");

    @Test
    void headsSayOneHostOneLengthAndOneLineEach() {
        Fuzz.of("h2-head", HEADS, PARTS, INPUTS).texts(text -> {
            Http2Headers head = headers(text);
            HttpRequest request = StreamHead.request(head, text.length() % 2 == 0, 100);
            if (request.decoderResult().isSuccess()) {
                if (head.authority() != null) { // two hosts without one are judged later, as by HTTP/1.1
                    assertThat(request.headers().getAll("host")).as(text).hasSizeLessThanOrEqualTo(1);
                }
                assertThat(request.uri()).matches("[^\\x00- \\x7f]+");
                assertThat(request.headers()).as(text).allSatisfy(field -> {
                    assertThat(field.getKey()).matches("[!#$%&'*+.^_`|~0-9a-zA-Z-]+");
                    assertThat(field.getValue()).doesNotContain("\r", "\n", "\0");
                });
                assertThat(request.headers().names()).doesNotContain("connection", "upgrade", "keep-alive");
            }
        });
    }

    /** As the codec makes them, which takes no name that is none and no pseudo field twice. */
    private static Http2Headers headers(String text) {
        Http2Headers headers = new DefaultHttp2Headers();
        for (String line : text.split("\n", -1)) {
            int space = line.indexOf(' ', 1);
            String name = space < 0 ? line : line.substring(0, space);
            try {
                if (!name.startsWith(":") || !headers.contains(name)) {
                    headers.add(name, space < 0 ? "" : line.substring(space + 1));
                }
            } catch (IllegalArgumentException notByThisCodec) {
                continue;
            } catch (Exception refused) {
                assertThat(refused).isInstanceOf(Http2Exception.class);
            }
        }
        if (headers.method() == null) {
            headers.method("GET");
        }
        return headers;
    }
}
