package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestDecoderTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String CHUNKED = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String ODD_BYTES = " \t\r\n\0\u000b\f:;,=\"0159aAxGHT/.-+\u007f\u0080\u00e9\u00ff";

    /** A request line, field lines and an empty line, as RFC 9112 section 2.1 has them; of targets only where they end. */
    private static final Pattern HEAD =
            Pattern.compile("(\r\n)*[!#$%&'*+\\-.^_`|~0-9A-Za-z]+ [^\t-\r ]+ HTTP/\\d\\.\\d\r\n"
                    + "([!#$%&'*+\\-.^_`|~0-9A-Za-z]+:[\t \\x21-\\x7e\\x80-\\xff]*\r\n)*\r\n");

    private static final Pattern SIZE_LINE = Pattern.compile("([0-9A-Fa-f]+)([ \t]*;[^\r\n]*)?\r\n");

    private static List<String> decode(List<String> parts) {
        EmbeddedChannel channel = new EmbeddedChannel(new RequestDecoder(new HttpDecoderConfig(), new ArrayDeque<>()));
        List<String> seen = new ArrayList<>();
        for (String part : parts) {
            channel.writeInbound(Unpooled.copiedBuffer(part, StandardCharsets.ISO_8859_1));
            for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
                note((HttpObject) next, seen);
            }
        }
        channel.finishAndReleaseAll();
        return seen;
    }

    private static void note(HttpObject message, List<String> seen) {
        if (message.decoderResult().isFailure()) {
            seen.removeIf(each -> each.startsWith("content") && seen.indexOf(each) > seen.lastIndexOf("end"));
            seen.add("bad");
        } else if (message instanceof HttpRequest request) {
            seen.add(request.method() + " " + request.uri() + " "
                    + request.headers().entries());
        } else if (message instanceof HttpContent part && part.content().isReadable()) {
            noteContent(part.content(), seen);
        }
        if (message instanceof LastHttpContent && message.decoderResult().isSuccess()) {
            seen.add("end");
        }
        io.netty.util.ReferenceCountUtil.release(message);
    }

    private static void noteContent(ByteBuf content, List<String> seen) {
        String text = content.toString(StandardCharsets.ISO_8859_1);
        int lastIndex = seen.size() - 1;
        if (seen.get(lastIndex).startsWith("content")) {
            seen.set(lastIndex, seen.get(lastIndex) + text);
        } else {
            seen.add("content " + text);
        }
    }

    private static List<String> decode(String whole) {
        return decode(List.of(whole));
    }

    private static List<String> bytesOf(String whole) {
        return whole.chars().mapToObj(c -> String.valueOf((char) c)).toList();
    }

    private static void assertSameHoweverItComesIn(String whole) {
        List<String> expected = decode(whole);

        assertThat(decode(bytesOf(whole))).as("byte by byte").isEqualTo(expected);
        for (int i = 1; i < whole.length(); i++) {
            assertThat(decode(List.of(whole.substring(0, i), whole.substring(i))))
                    .as("cut at %d", i)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /x HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n",
                "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET /2 HTTP/1.0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n\r\n \t\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"b;\"\r\nhe\r\no\r\n1 ;x\r\n \r\n0\r\nA: 1\r\nB: 2\r\n\r\n"
                        + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            })
    void readsWhatIsRight(String stream) {
        assertThat(decode(stream)).doesNotContain("bad").endsWith("end");
        assertSameHoweverItComesIn(stream);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
                "GET /\rHTTP/1.1\r\nHost: a\r\n\r\n",
                " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\t\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n",
                "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            })
    void refusesHeads(String head) {
        assertThat(decode(head + GET)).containsExactly("bad");
        assertThat(decode(GET + head + GET)).hasSize(3).endsWith("end", "bad");
        assertSameHoweverItComesIn(GET + head + GET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " 5\r\nhello\r\n0\r\n\r\n",
                "5 \r\nhello\r\n0\r\n\r\n",
                "5 5\r\nhello\r\n0\r\n\r\n",
                "0x5\r\nhello\r\n0\r\n\r\n",
                "+5\r\nhello\r\n0\r\n\r\n",
                "\r\nhello\r\n0\r\n\r\n",
                ";a\r\nhello\r\n0\r\n\r\n",
                "100000000\r\nhello\r\n0\r\n\r\n",
                "5\nhello\r\n0\r\n\r\n",
                "5;a\nhello\r\n0\r\n\r\n",
                "5\r\nhello0\r\n\r\n",
                "5\r\nhello\n0\r\n\r\n",
                "5\r\nhello\r\n0\r\n\n",
                "5\r\nhello\r\n0\r\n X: 1\r\n\r\n",
                "5\r\nhello\r\n0\r\nX: 1\r\n 2\r\n\r\n",
                "5\r\nhello\r\n0\r\nContent-Length: 1\r\n\r\n",
                "5\r\nhello\r\n0\r\nhOST: a\r\n\r\n",
            })
    void refusesChunks(String chunks) {
        assertThat(decode(CHUNKED + chunks + GET)).hasSize(2).endsWith("bad");
        assertSameHoweverItComesIn(CHUNKED + chunks + GET);
    }

    @Test
    void agreesWithTheGrammarOnWhateverComes() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            String head = mutated("GET /ab HTTP/1.1\r\nHost: a\r\nX: 1 2\r\n\r\n", random);
            List<String> seen = decode(head);
            if (seen.contains("end")) {
                assertThat(HEAD.matcher(head).lookingAt()).as(quoted(head)).isTrue();
            }
            assertThat(decode(cut(head, random))).as(quoted(head)).isEqualTo(seen);
        }
    }

    @Test
    void agreesWithTheGrammarOnWhateverChunksCome() {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            String chunks = mutated("5;a\r\nhello\r\n1\r\n!\r\n0\r\nX: 1\r\n\r\n", random);
            List<String> seen = decode(CHUNKED + chunks);
            if (seen.contains("end")) {
                assertThat(seen.get(1)).as(quoted(chunks)).isEqualTo(contentOf(chunks));
            }
            assertThat(decode(cut(CHUNKED + chunks, random))).as(quoted(chunks)).isEqualTo(seen);
        }
    }

    /** What a reader that knows nothing but the grammar finds; fails if it finds a fault. */
    private static String contentOf(String chunks) {
        StringBuilder content = new StringBuilder();
        int at = 0;
        while (true) {
            var line = SIZE_LINE.matcher(chunks).region(at, chunks.length());
            assertThat(line.lookingAt()).as(quoted(chunks)).isTrue();
            int size = Integer.parseInt(line.group(1), 16);
            if (size == 0) {
                return content.length() == 0 ? "end" : "content " + content;
            }
            content.append(chunks, line.end(), line.end() + size);
            at = line.end() + size + 2;
            assertThat(chunks.substring(at - 2, at)).as(quoted(chunks)).isEqualTo("\r\n");
        }
    }

    private static String mutated(String text, Random random) {
        StringBuilder changed = new StringBuilder(text);
        for (int left = random.nextInt(4); left > 0; left--) {
            int at = random.nextInt(changed.length());
            char odd = ODD_BYTES.charAt(random.nextInt(ODD_BYTES.length()));
            switch (random.nextInt(3)) {
                case 0 -> changed.insert(at, odd);
                case 1 -> changed.setCharAt(at, odd);
                default -> changed.deleteCharAt(at);
            }
        }
        return changed.toString();
    }

    private static List<String> cut(String whole, Random random) {
        int[] cuts = IntStream.concat(
                        random.ints(random.nextInt(5), 0, whole.length()), IntStream.of(0, whole.length()))
                .sorted()
                .distinct()
                .toArray();
        return IntStream.range(1, cuts.length)
                .mapToObj(i -> whole.substring(cuts[i - 1], cuts[i]))
                .toList();
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder();
        text.chars().forEach(c -> quoted.append(c < ' ' || c > '~' ? "\\x%02x".formatted(c) : "" + (char) c));
        return quoted.toString();
    }
}
