package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.velo.backend.Reason;
import io.velo.wire.h2.AnswerStream;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 connection to a backend, of which many requests have a stream at once, each a {@link BackendConnection} of its own.
 * It is made when the backend has said its settings. When the backend says GOAWAY, when it is old, or when it seems to be
 * dead, it takes no more requests, and is closed with the end of its last stream.
 */
final class SharedConnection extends ChannelInboundHandlerAdapter implements Keeper {

    private static final int LONGEST_HEAD = 16 << 10;
    private static final int MOST_EMPTY_PARTS = 64;
    private static final long PING = 0x76656c6fL;

    private final ConnectionPool pool;
    private final UpstreamSettings settings;
    private final Channel channel;
    private final boolean secure;
    private final LongSupplier nanos;
    private final Http2StreamChannelBootstrap streams;
    private final Alarm alarm;
    private long bornNanos;
    private long heardNanos;
    private int open;
    private int most;
    private boolean used;
    private boolean settled;
    private boolean retiring;
    private boolean pinged;
    private boolean roomy; // for who keeps the list of those
    private Reason lostBy = Reason.CONNECTION_TERMINATED;

    private SharedConnection(
            ConnectionPool pool, UpstreamSettings settings, Channel channel, boolean secure, LongSupplier nanos) {
        this.pool = pool;
        this.settings = settings;
        this.channel = channel;
        this.secure = secure;
        this.nanos = nanos;
        this.alarm = new Alarm(channel.eventLoop(), nanos, this::expire);
        this.streams = new Http2StreamChannelBootstrap(channel).handler(new StreamSetup());
    }

    /** Speaks HTTP/2 on a new connection, and tells the pool when the backend does, or that it doesn't. */
    static void install(
            ChannelPipeline pipeline,
            ConnectionPool pool,
            UpstreamSettings settings,
            boolean secure,
            LongSupplier nanos) {
        Http2FrameCodecBuilder codec = Http2FrameCodecBuilder.forClient()
                .initialSettings(Http2Settings.defaultSettings()
                        .pushEnabled(false)
                        .maxConcurrentStreams(0)
                        .initialWindowSize(settings.streams().window())
                        .maxHeaderListSize(LONGEST_HEAD))
                .decoderEnforceMaxConsecutiveEmptyDataFrames(MOST_EMPTY_PARTS)
                .gracefulShutdownTimeoutMillis(0); // who closes it has waited already, or doesn't want to
        SharedConnection shared = new SharedConnection(pool, settings, pipeline.channel(), secure, nanos);
        pipeline.addLast(codec.build(), new Http2MultiplexHandler(new NoPush()), shared);
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
        heardNanos = nanos.getAsLong();
        try {
            widenWindow();
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        alarm.in(settings.idle().toNanos());
        pool.connected(this);
    }

    /** The codec has given it room for two slow readers; it needs it for as many as there may be. */
    private void widenWindow() throws Http2Exception {
        Http2Connection connection =
                channel.pipeline().get(Http2FrameCodec.class).connection();
        Http2LocalFlowController flow = connection.local().flowController();
        int missing = settings.streams().connectionWindow() - flow.initialWindowSize(connection.connectionStream());
        if (missing > 0) {
            flow.incrementWindowSize(connection.connectionStream(), missing);
            channel.flush();
        }
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
        Http2StreamChannel stream = streams.open().getNow(); // there at once, on its own event loop
        if (stream == null) {
            retire();
            return null;
        }
        BackendConnection made = stream.pipeline().get(BackendConnection.class);
        made.established();
        if (used) {
            made.follows();
        }
        used = true;
        if (open++ == 0) {
            watch();
        }
        return made;
    }

    /** While it has streams it isn't idle, but it may be dead. */
    private void watch() {
        if (settings.streams().ping().isZero()) {
            alarm.off();
        } else {
            alarm.in(settings.streams().ping().toNanos());
        }
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
        if (connection.waitedInVain() && isSilentSince(connection.bornNanos())) {
            retire();
        } else if (open == 0) {
            rest();
        }
        pool.roomIn(this);
    }

    /** Whether the backend may be gone without a word: nothing has come for as long as it may take to connect anew. */
    private boolean isSilentSince(long begin) {
        long heard = heardNanos - begin > 0 ? heardNanos : begin;
        return nanos.getAsLong() - heard > settings.connectTimeout().toNanos();
    }

    private void rest() {
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
        heardNanos = nanos.getAsLong();
        pinged = false;
    }

    private void expire() {
        long pingNanos = settings.streams().ping().toNanos();
        if (!settled) {
            lostBy = Reason.CONNECTION_TIMEOUT;
            channel.close();
        } else if (open == 0) {
            retire();
        } else if (nanos.getAsLong() - heardNanos < pingNanos) {
            alarm.in(pingNanos - (nanos.getAsLong() - heardNanos));
        } else if (pinged) {
            channel.close();
        } else {
            pinged = true;
            channel.writeAndFlush(new DefaultHttp2PingFrame(PING));
            alarm.in(pingNanos);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        alarm.stop();
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

    private final class StreamSetup extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel stream) {
            stream.pipeline()
                    .addLast(
                            new AnswerStream(secure),
                            new BackendConnection(SharedConnection.this, settings, stream, nanos));
        }
    }

    /** The backend was told not to, so the codec ends the connection before it comes to this. */
    private static final class NoPush extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel stream) {
            stream.close();
        }
    }
}
