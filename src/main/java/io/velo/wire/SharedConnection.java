package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.util.ReferenceCountUtil;
import io.velo.backend.Reason;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 connection to a backend, of which many requests have a stream at once, each a {@link BackendConnection} of its own.
 * It is made when the backend has said its settings. When the backend says GOAWAY, when it is old, or when it seems to be
 * dead, it takes no more requests, and is closed with the end of its last stream.
 */
final class SharedConnection extends ChannelInboundHandlerAdapter implements Keeper {

    private final ConnectionPool pool;
    private final UpstreamSettings settings;
    private final Channel channel;
    private final LongSupplier nanos;
    private final BackendStreams streams;
    private final Pulse pulse;
    private final Alarm alarm; // as long as it isn't settled, or is idle
    private long bornNanos;
    private int open;
    private int most;
    private boolean settled;
    private boolean retiring;
    private boolean roomy; // for who keeps the list of those
    private Reason lostBy = Reason.CONNECTION_TERMINATED;

    private SharedConnection(
            ConnectionPool pool, UpstreamSettings settings, Channel channel, boolean secure, LongSupplier nanos) {
        this.pool = pool;
        this.settings = settings;
        this.channel = channel;
        this.nanos = nanos;
        this.pulse = new Pulse(channel, nanos, settings.streams().ping());
        this.alarm = new Alarm(channel.eventLoop(), nanos, this::expire);
        this.streams = new BackendStreams(this, settings, channel, secure, nanos);
    }

    /** Speaks HTTP/2 on a new connection, and tells the pool when the backend does, or that it doesn't. */
    static void install(
            ChannelPipeline pipeline,
            ConnectionPool pool,
            UpstreamSettings settings,
            boolean secure,
            LongSupplier nanos) {
        BackendCodec.install(pipeline, settings.streams());
        pipeline.addLast(new SharedConnection(pool, settings, pipeline.channel(), secure, nanos));
    }

    Channel channel() {
        return channel;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (channel.isActive()) {
            begin();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin();
    }

    private void begin() {
        bornNanos = nanos.getAsLong();
        alarm.in(settings.connectTimeout().toNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Http2SettingsFrame frame) {
            settle(frame.settings().maxConcurrentStreams());
        } else if (message instanceof Http2GoAwayFrame) {
            retire();
        }
        ReferenceCountUtil.release(message);
    }

    /** A backend that doesn't say how many streams there may be allows any number of them; later on, as many as before. */
    private void settle(@Nullable Long allowed) {
        int wanted = settings.streams().most();
        if (allowed != null || !settled) {
            most = allowed == null ? wanted : (int) Math.max(1, Math.min(wanted, allowed));
        }
        if (settled) {
            pool.roomIn(this);
            return;
        }
        settled = true;
        pulse.heard();
        BackendCodec.widenWindow(channel, settings.streams());
        alarm.in(settings.idle().toNanos());
        pool.connected(this);
    }

    /** How many requests it takes at once. */
    int most() {
        return most;
    }

    /** Whether no request has a stream of it. */
    boolean idle() {
        return open == 0;
    }

    /** Whether it is in the list of those that have room. */
    boolean listed() {
        return roomy;
    }

    void list(boolean in) {
        roomy = in;
    }

    /** Whether it takes one more request. */
    boolean hasRoom() {
        if (!retiring && nanos.getAsLong() - bornNanos > settings.maxLife().toNanos()) {
            retire();
        }
        return !retiring && open < most && channel.isActive();
    }

    /** A stream for one more request; none if it has gone in the meantime. */
    @Nullable
    BackendConnection stream() {
        BackendConnection made = streams.open();
        if (made == null) {
            retire();
            return null;
        }
        if (open++ == 0) {
            alarm.off();
            pulse.watch();
        }
        return made;
    }

    @Override
    public void giveBack(BackendConnection connection) {
        connection.close(); // a stream is for one request
    }

    @Override
    public void leave(Channel connection) {
        // a stream doesn't switch protocols
    }

    @Override
    public void closed(BackendConnection connection) {
        open--;
        if (isLost(connection)) {
            retire();
        } else if (open == 0) {
            rest();
        }
        pool.roomIn(this);
    }

    /** Whether the backend may be gone without a word: nothing has come for as long as it may take to connect anew. */
    private boolean isLost(BackendConnection stream) {
        return stream.waitedInVain() && pulse.missing(settings.connectTimeout(), stream.bornNanos());
    }

    private void rest() {
        pulse.rest();
        if (retiring) {
            channel.close();
        } else {
            alarm.in(settings.idle().toNanos());
        }
    }

    /** It takes no more requests, and is closed with the end of its last stream. */
    void retire() {
        if (!retiring) {
            retiring = true;
            pool.retiring(this);
        }
        if (open == 0) {
            channel.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        pulse.heard();
    }

    private void expire() {
        if (settled) {
            retire();
        } else {
            lostBy = Reason.CONNECTION_TIMEOUT;
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        alarm.stop();
        pulse.stop();
        retiring = true;
        if (settled) {
            pool.closed(this);
        } else {
            pool.notConnected(lostBy == Reason.CONNECTION_TERMINATED ? Reason.CONNECTION_REFUSED : lostBy);
        }
    }

    @Override
    public Reason whyLost() {
        return lostBy;
    }

    /** By what breaks the protocol the codec ends the connection itself. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2Exception) {
            lostBy = Reason.HTTP_PROTOCOL_ERROR;
            retire();
            return;
        }
        if (!settled) {
            lostBy = FailureReasons.of(cause);
        }
        ctx.close();
    }
}
