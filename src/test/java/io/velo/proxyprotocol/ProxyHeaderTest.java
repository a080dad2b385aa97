package io.velo.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final Duration MOST = Duration.ofSeconds(10);

    private static InetSocketAddress address(String ip, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(ip), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Nested
    class Written {

        @ParameterizedTest
        @CsvSource({
            "192.0.2.1, 192.0.2.2, PROXY TCP4 192.0.2.1 192.0.2.2 1234 80",
            "2001:db8::1, 2001:db8::2, PROXY TCP6 2001:db8::1 2001:db8::2 1234 80",
            "2001:db8::1, 192.0.2.2, PROXY TCP6 2001:db8::1 ::ffff:192.0.2.2 1234 80"
        })
        void asALine(String source, String destination, String line) {
            byte[] header = ProxyHeaderWriter.header(address(source, 1234), address(destination, 80), ProxyProtocol.V1);

            assertThat(header).asString().isEqualTo(line + "\r\n");
        }

        @ParameterizedTest
        @CsvSource({
            "192.0.2.1, 192.0.2.2, 2111000cc0000201c000020204d20050",
            "2001:db8::1, 2001:db8::2,"
                    + "2121002420010db800000000000000000000000120010db800000000000000000000000204d20050",
            "2001:db8::1, 192.0.2.2,"
                    + "2121002420010db800000000000000000000000100000000000000000000ffffc000020204d20050"
        })
        void inBytes(String source, String destination, String bytes) {
            byte[] header = ProxyHeaderWriter.header(address(source, 1234), address(destination, 80), ProxyProtocol.V2);

            assertThat(HexFormat.of().formatHex(header)).isEqualTo(SIGNATURE + bytes);
        }

        @ParameterizedTest
        @CsvSource({"V1", "V2"})
        void soThatItCanBeRead(ProxyProtocol version) {
            byte[] header = ProxyHeaderWriter.header(address("192.0.2.1", 65535), address("2001:db8::2", 1), version);
            EmbeddedChannel reader = new EmbeddedChannel(new HAProxyMessageDecoder());

            reader.writeInbound(Unpooled.wrappedBuffer(header));

            HAProxyMessage read = reader.readInbound();
            assertThat(address(read.sourceAddress(), read.sourcePort())).isEqualTo(address("192.0.2.1", 65535));
            assertThat(address(read.destinationAddress(), read.destinationPort()))
                    .isEqualTo(address("2001:db8::2", 1));
            read.release();
        }

        @Test
        void beforeAnythingElse() {
            EmbeddedChannel connection = new EmbeddedChannel(ProxyHeaderWriter.own(ProxyProtocol.V1));
            connection.writeOutbound(Unpooled.copiedBuffer("GET", StandardCharsets.US_ASCII));

            assertThat(outbound(connection)).isEqualTo("PROXY UNKNOWN\r\n");
            assertThat(outbound(connection)).isEqualTo("GET");
        }

        @Test
        void forVeloItselfWithoutAnAddress() {
            EmbeddedChannel connection = new EmbeddedChannel(ProxyHeaderWriter.own(ProxyProtocol.V2));

            ByteBuf header = connection.readOutbound();
            assertThat(HexFormat.of().formatHex(header.array(), 0, header.readableBytes()))
                    .isEqualTo(SIGNATURE + "20000000");
            header.release();
        }

        private static String outbound(EmbeddedChannel connection) {
            ByteBuf next = connection.readOutbound();
            String text = next.toString(StandardCharsets.US_ASCII);
            next.release();
            return text;
        }
    }

    @Nested
    class Read {

        private final EmbeddedChannel connection = accepted("10.0.0.1");

        private static EmbeddedChannel accepted(String peer) {
            EmbeddedChannel channel = new EmbeddedChannel() {
                @Override
                protected SocketAddress remoteAddress0() {
                    return address(peer, 5);
                }
            };
            ProxyHeaderReader.install(channel, "10.0.0.1"::equals, MOST);
            return channel;
        }

        private void says(String text) {
            connection.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
        }

        private void saysBytes(String hex) {
            connection.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
        }

        private String passed() {
            StringBuilder all = new StringBuilder();
            for (ByteBuf next = connection.readInbound(); next != null; next = connection.readInbound()) {
                all.append(next.toString(StandardCharsets.ISO_8859_1));
                next.release();
            }
            return all.toString();
        }

        @Test
        void givesTheAddressAndPassesOnWhatFollows() {
            says("PROXY TCP4 192.0.2.1 192.0.2.2 1234 80\r\nGET /");

            assertThat(ClientAddress.of(connection)).isEqualTo(address("192.0.2.1", 1234));
            assertThat(ClientAddress.textOf(connection)).isEqualTo("192.0.2.1");
            assertThat(passed()).isEqualTo("GET /");
            assertThat(connection.pipeline().get(ProxyHeaderReader.class)).isNull();
            assertThat(connection.pipeline().get(HAProxyMessageDecoder.class)).isNull();
        }

        @Test
        void inWhateverPiecesItComes() {
            for (char each : "PROXY TCP6 2001:db8::1 2001:db8::2 1234 80\r\nGET".toCharArray()) {
                says(String.valueOf(each));
            }

            assertThat(ClientAddress.of(connection)).isEqualTo(address("2001:db8::1", 1234));
            assertThat(passed()).isEqualTo("GET");
        }

        @Test
        void inBytes() {
            saysBytes(SIGNATURE + "2111000cc0000201c000020204d20050" + "474554");

            assertThat(ClientAddress.of(connection)).isEqualTo(address("192.0.2.1", 1234));
            assertThat(passed()).isEqualTo("GET");
        }

        @Test
        void leavesTheAddressOfAProxyThatSpeaksForItself() {
            saysBytes(SIGNATURE + "20000000" + "474554");

            assertThat(ClientAddress.textOf(connection)).isEqualTo("10.0.0.1");
            assertThat(passed()).isEqualTo("GET");
        }

        @Test
        void leavesItWhereTheProxyDoesntKnow() {
            says("PROXY UNKNOWN\r\nGET");

            assertThat(ClientAddress.textOf(connection)).isEqualTo("10.0.0.1");
            assertThat(passed()).isEqualTo("GET");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                    "PROXY TCP4 192.0.2.1 192.0.2.2 1234\r\n",
                    "\r\nPROXY UNKNOWN\r\nGET / HTTP/1.1\r\n\r\n",
                    "PROXY TCP4 192.0.2.1 192.0.2.2 1234 80000\r\n",
                    "PROXY TCP4 2001:db8::1 192.0.2.2 1234 80\r\n",
                    "PROXY TCP4 192.0.2.300 192.0.2.2 1234 80\r\n",
                    "PROXY UDP4 192.0.2.1 192.0.2.2 1234 80\r\n",
                    "PROXY TCP4 a.test 192.0.2.2 1234 80\r\n"
                })
        void closesWhenItIsWrong(String header) {
            says(header);

            assertThat(connection.isOpen()).isFalse();
            assertThat(passed()).isEmpty();
            assertThat(ClientAddress.textOf(connection)).isEqualTo("10.0.0.1");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "3111000cc0000201c000020204d20050", // another version
                    "2112000cc0000201c000020204d20050", // datagrams
                    "21110006c0000201c000" // shorter than its addresses
                })
        void closesWhenItsBytesAreWrong(String header) {
            saysBytes(SIGNATURE + header + "474554");

            assertThat(connection.isOpen()).isFalse();
            assertThat(passed()).isEmpty();
            assertThat(ClientAddress.textOf(connection)).isEqualTo("10.0.0.1");
        }

        @Test
        void closesAndPassesNothingOnWhenTheProxyItselfHasNoAddress() {
            saysBytes(SIGNATURE + "213100d8" + "61".repeat(216) + "474554");

            assertThat(connection.isOpen()).isFalse();
            assertThat(passed()).isEmpty();
        }

        @Test
        void closesWhenItIsTooLong() {
            says("PROXY TCP4 192.0.2.1 192.0.2.2 1234 80" + " ".repeat(200));

            assertThat(connection.isOpen()).isFalse();
        }

        @Test
        void closesWhenItsBytesAreTooMany() {
            saysBytes(SIGNATURE + "2111ffffc0000201c000020204d20050" + "00".repeat(5000));

            assertThat(connection.isOpen()).isFalse();
        }

        @Test
        void closesWhenItIsLate() {
            connection.freezeTime();
            says("PROXY TCP4 192.");
            connection.advanceTimeBy(9, TimeUnit.SECONDS);
            connection.runScheduledPendingTasks();
            assertThat(connection.isOpen()).isTrue();

            connection.advanceTimeBy(2, TimeUnit.SECONDS);
            connection.runScheduledPendingTasks();

            assertThat(connection.isOpen()).isFalse();
        }

        @Test
        void waitsForNothingMoreOnceItWasRead() {
            says("PROXY TCP4 192.0.2.1 192.0.2.2 1234 80\r\n");

            connection.advanceTimeBy(1, TimeUnit.HOURS);
            connection.runScheduledPendingTasks();

            assertThat(connection.isOpen()).isTrue();
        }

        @Test
        void isNothingToOthers() {
            EmbeddedChannel other = accepted("10.0.0.2");
            other.writeInbound(Unpooled.copiedBuffer("PROXY TCP4 1.2.3.4 1.2.3.4 1 1\r\n", StandardCharsets.US_ASCII));

            ByteBuf untouched = other.readInbound();

            assertThat(untouched.toString(StandardCharsets.US_ASCII)).startsWith("PROXY");
            assertThat(ClientAddress.textOf(other)).isEqualTo("10.0.0.2");
            untouched.release();
        }
    }
}
