package io.velo.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.velo.testing.Fuzz;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PROXY headers, as bad as can be: each is read in one way, or ends the connection. */
class ProxyHeaderFuzzTest {

    private static final int INPUTS = 1000;
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final List<String> CORPUS = List.of(
            "PROXY TCP4 192.0.2.1 192.0.2.2 1234 80\r\nGET / HTTP/1.1\r\n",
            "PROXY TCP6 2001:db8::1 2001:db8::2 1234 80\r\nGET",
            "PROXY UNKNOWN\r\nGET",
            hex("2111000cc0000201c000020204d20050474554"),
            hex("2121002420010db800000000000000000000000120010db800000000000000000000000204d20050474554"),
            hex("20000000474554"),
            hex("2111001cc0000201c000020204d20050" + "04000d" + "00".repeat(13) + "474554"),
            hex("21310" + "0d8" + "61".repeat(216) + "474554"));
    private static final List<String> WORDS = List.of(
            "PROXY",
            "TCP4",
            "TCP6",
            "UNKNOWN",
            " ",
            "\r\n",
            "\r",
            "\n",
            "0",
            "65536",
            "::",
            "192.0.2.1",
            "\0",
            "\u00ff",
            "%1",
            "\u0020\u0001\0\1a");

    private static String hex(String behindSignature) {
        return Fuzz.text(HexFormat.of().parseHex(SIGNATURE + behindSignature));
    }

    @Test
    void isReadInOneWayOrEndsTheConnection() {
        Fuzz.of("proxy-header", CORPUS, WORDS, INPUTS).bytes(input -> {
            String whole = read(List.of(input));

            assertThat(read(Fuzz.pieces(input))).isEqualTo(whole);
        });
    }

    private static String read(List<byte[]> parts) {
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress("10.0.0.1", 5);
            }
        };
        ProxyHeaderReader.install(channel, "10.0.0.1"::equals, Duration.ofSeconds(10));
        StringBuilder passed = new StringBuilder();
        for (byte[] part : parts) {
            if (channel.isOpen()) {
                channel.writeInbound(Unpooled.wrappedBuffer(part));
                take(channel, passed);
            }
        }
        boolean open = channel.isOpen();
        String told = ClientAddress.textOf(channel);
        assertThat(open || passed.isEmpty())
                .as("nothing passes a bad header: " + passed)
                .isTrue();
        channel.finishAndReleaseAll();
        return open ? told + " " + passed : "closed";
    }

    private static void take(EmbeddedChannel channel, StringBuilder passed) {
        for (ByteBuf next = channel.readInbound(); next != null; next = channel.readInbound()) {
            passed.append(next.toString(StandardCharsets.ISO_8859_1));
            next.release();
        }
    }
}
