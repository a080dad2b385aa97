package io.velo.proxyprotocol;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the header off a connection of a trusted proxy, before TLS and before anybody else sees a byte, in version 1 or 2. A
 * connection that begins otherwise, says what can't be, or takes too long about it, is closed without a word.
 */
public final class ProxyHeaderReader extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(ProxyHeaderReader.class);

    /** What a header of version 2 may have beside the addresses, in bytes. */
    private static final int MOST_EXTRAS = 4096;

    private final Duration most;
    private @Nullable Future<?> late;
    private boolean refused;

    private ProxyHeaderReader(Duration most) {
        this.most = most;
    }

    /**
     * Expects a header on a new connection, if a trusted proxy has opened it; leaves others alone, whose headers nobody
     * understands.
     *
     * @param most how long it may take
     */
    public static void install(Channel client, Predicate<String> trusted, Duration most) {
        if (client.remoteAddress() instanceof InetSocketAddress peer
                && trusted.test(peer.getAddress().getHostAddress())) {
            client.pipeline()
                    .addFirst("velo.proxyHeader", new ProxyHeaderReader(most))
                    .addFirst("velo.proxyHeaderDecoder", new HAProxyMessageDecoder(MOST_EXTRAS, true));
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        late = ctx.executor().schedule(() -> ctx.close(), most.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        Future<?> running = late;
        if (running != null) {
            late = null;
            running.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (refused) { // what stands behind a bad header, and came with it
            ReferenceCountUtil.release(message);
            return;
        }
        if (!(message instanceof HAProxyMessage header)) {
            ctx.fireChannelRead(message);
            return;
        }
        boolean understood = take(ctx.channel(), header);
        header.release();
        if (understood) {
            ctx.pipeline().remove(this); // what came behind the header follows
            ctx.read();
        } else {
            refuse(ctx);
        }
    }

    /** The decoder goes on even so, and may find something good in what is left. */
    private void refuse(ChannelHandlerContext ctx) {
        refused = true;
        ctx.close();
    }

    private static boolean take(Channel client, HAProxyMessage header) {
        boolean own =
                header.command() == HAProxyCommand.LOCAL || header.proxiedProtocol() == HAProxyProxiedProtocol.UNKNOWN;
        if (own) {
            return true; // the proxy speaks for itself
        }
        InetAddress source =
                NetUtil.createInetAddressFromIpAddressString(Objects.requireNonNullElse(header.sourceAddress(), ""));
        boolean stream =
                header.proxiedProtocol().transportProtocol() == HAProxyProxiedProtocol.TransportProtocol.STREAM;
        if (source == null || !stream) {
            return false;
        }
        ClientAddress.tell(client, new InetSocketAddress(source, header.sourcePort()));
        return true;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug(
                "a connection of {} without a proper PROXY header",
                ctx.channel().remoteAddress(),
                cause);
        refuse(ctx);
    }
}
