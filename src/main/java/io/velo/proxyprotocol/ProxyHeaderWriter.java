package io.velo.proxyprotocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Says whose a connection to a backend is before anything else goes out on it, TLS included: section 2 of the protocol's
 * specification. Put first into the pipeline of a connection that isn't made yet.
 */
public final class ProxyHeaderWriter extends ChannelDuplexHandler {

    private static final byte[] SIGNATURE = {0xd, 0xa, 0xd, 0xa, 0, 0xd, 0xa, 0x51, 0x55, 0x49, 0x54, 0xa};
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int PORTS = 4;

    private final byte[] header;

    private ProxyHeaderWriter(byte[] header) {
        this.header = header;
    }

    /** For a connection on which what this client asks for goes; what isn't a client's is Velo's own. */
    public static ProxyHeaderWriter of(Channel client, ProxyProtocol version) {
        boolean accepted = client.parent() != null;
        return accepted
                        && ClientAddress.of(client) instanceof InetSocketAddress source
                        && ClientAddress.asked(client) instanceof InetSocketAddress destination
                ? new ProxyHeaderWriter(header(source, destination, version))
                : own(version);
    }

    /** For a connection of Velo's own, a probe for instance. */
    public static ProxyHeaderWriter own(ProxyProtocol version) {
        return new ProxyHeaderWriter(
                version == ProxyProtocol.V1 ? text("PROXY UNKNOWN\r\n") : bytes(start(LOCAL, 0, 0)));
    }

    static byte[] header(InetSocketAddress source, InetSocketAddress destination, ProxyProtocol version) {
        boolean old = source.getAddress() instanceof Inet4Address && destination.getAddress() instanceof Inet4Address;
        return version == ProxyProtocol.V1 ? line(source, destination, old) : binary(source, destination, old);
    }

    private static byte[] line(InetSocketAddress source, InetSocketAddress destination, boolean old) {
        return text("PROXY " + (old ? "TCP4 " : "TCP6 ") + text(source, old) + " " + text(destination, old) + " "
                + source.getPort() + " " + destination.getPort() + "\r\n");
    }

    private static String text(InetSocketAddress address, boolean old) {
        InetAddress ip = address.getAddress();
        String text = NetUtil.toAddressString(ip);
        return !old && ip instanceof Inet4Address ? "::ffff:" + text : text;
    }

    private static byte[] binary(InetSocketAddress source, InetSocketAddress destination, boolean old) {
        int length = 2 * (old ? IPV4_BYTES : IPV6_BYTES) + PORTS;
        return bytes(start(PROXY, old ? TCP4 : TCP6, length)
                .writeBytes(raw(source, old))
                .writeBytes(raw(destination, old))
                .writeShort(source.getPort())
                .writeShort(destination.getPort()));
    }

    private static ByteBuf start(int command, int family, int length) {
        return Unpooled.buffer()
                .writeBytes(SIGNATURE)
                .writeByte(command)
                .writeByte(family)
                .writeShort(length);
    }

    private static byte[] raw(InetSocketAddress address, boolean old) {
        byte[] bytes = address.getAddress().getAddress();
        if (old || bytes.length == IPV6_BYTES) {
            return bytes;
        }
        byte[] mapped = new byte[IPV6_BYTES];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(bytes, 0, mapped, IPV6_BYTES - IPV4_BYTES, IPV4_BYTES);
        return mapped;
    }

    private static byte[] text(String line) {
        return line.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return bytes;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        say(ctx);
        ctx.flush();
        ctx.fireChannelActive();
    }

    /** Who waits for a connection may be told of it, and write, before it is said to be active. */
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        say(ctx);
        ctx.write(message, promise);
    }

    private void say(ChannelHandlerContext ctx) {
        ctx.write(Unpooled.wrappedBuffer(header));
        ctx.pipeline().remove(this);
    }
}
