package io.velo.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.velo.backend.Reason;
import io.velo.http.Problem;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections of clients, and refuses those that are too many: with 503 and the end of the connection, or with its
 * end alone where a handshake would have to come first. For any thread.
 */
public final class ClientConnections {

    private final int most;
    private final int mostOfOne;
    private final UnaryOperator<String> network;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<String, Integer> byNetwork = new ConcurrentHashMap<>();
    private final LongAdder refused = new LongAdder();

    /**
     * @param most connections at once; 0 for any number
     * @param mostOfOne the same for one client; 0 for any number
     * @param network what of an address is one client's; empty if it stands for many clients, and is not counted
     */
    public ClientConnections(int most, int mostOfOne, UnaryOperator<String> network) {
        this.most = most;
        this.mostOfOne = mostOfOne;
        this.network = network;
    }

    /** How many are open. */
    public int open() {
        return open.get();
    }

    /** How many were refused. */
    public long refused() {
        return refused.sum();
    }

    /** Counts a connection that was just accepted, until it is closed, or refuses it. */
    public void accept(Channel channel) {
        if (open.incrementAndGet() > most && most > 0) {
            open.decrementAndGet();
            refuse(channel);
            return;
        }
        String client = mostOfOne > 0 ? clientOf(channel.remoteAddress()) : "";
        if (!client.isEmpty() && byNetwork.merge(client, 1, Integer::sum) > mostOfOne) {
            leave(client);
            refuse(channel);
            return;
        }
        channel.closeFuture().addListener(closed -> leave(client));
    }

    private String clientOf(@Nullable SocketAddress remote) {
        return remote instanceof InetSocketAddress inet && inet.getAddress() != null
                ? network.apply(inet.getAddress().getHostAddress())
                : "";
    }

    private void leave(String client) {
        open.decrementAndGet();
        if (!client.isEmpty()) {
            byNetwork.computeIfPresent(client, (same, before) -> before == 1 ? null : before - 1);
        }
    }

    private void refuse(Channel channel) {
        refused.increment();
        channel.pipeline().addFirst("velo.refusal", new Refusal(Http11.isSecure(channel.pipeline())));
    }

    /** Nothing behind it learns that there was a connection. */
    private static final class Refusal extends ChannelInboundHandlerAdapter {

        private static final byte[] ANSWER = answer();

        private final boolean silent;

        Refusal(boolean silent) {
            this.silent = silent;
        }

        private static byte[] answer() {
            Problem problem = Problem.of(Reason.OVERLOADED);
            String head = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: " + Problem.CONTENT_TYPE + "\r\n"
                    + Problem.PROXY_STATUS + ": " + problem.proxyStatus() + "\r\nRetry-After: "
                    + Problem.RETRY_AFTER_SECONDS
                    + "\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: "
                    + problem.body().length + "\r\n\r\n";
            return (head + new String(problem.body(), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (silent) {
                ctx.close();
            } else {
                ByteBuf answer = Unpooled.wrappedBuffer(ANSWER);
                ctx.write(answer, ctx.voidPromise());
                Linger.close(ctx, false);
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.read();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            // nobody knows that it was there
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
