package io.velo.wire.h2;

import static io.netty.handler.codec.http2.Http2FrameTypes.CONTINUATION;
import static io.netty.handler.codec.http2.Http2FrameTypes.DATA;
import static io.netty.handler.codec.http2.Http2FrameTypes.GO_AWAY;
import static io.netty.handler.codec.http2.Http2FrameTypes.HEADERS;
import static io.netty.handler.codec.http2.Http2FrameTypes.PING;
import static io.netty.handler.codec.http2.Http2FrameTypes.PRIORITY;
import static io.netty.handler.codec.http2.Http2FrameTypes.RST_STREAM;
import static io.netty.handler.codec.http2.Http2FrameTypes.SETTINGS;
import static io.netty.handler.codec.http2.Http2FrameTypes.WINDOW_UPDATE;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.util.ReferenceCountUtil;
import io.velo.wire.Alarm;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the codec of a client's HTTP/2 connection and watches the frames that go both ways. Ends the connection with
 * GOAWAY when they are a flood, or one by which a codec that has forgotten the stream is taken in; and without one when the
 * client is idle or lets a head drip.
 */
public final class FrameGate extends ChannelDuplexHandler {

    private static final int MOST_PIECES_OF_A_HEAD = 8;
    private static final int COST_OF_SETTINGS = 10;
    private static final int COST_OF_EMPTY_DATA = 10;
    private static final int WORTH_OF_HEAD = 2;
    private static final int WORTH_OF_ANSWER = 10; // so many updates of windows may one part of an answer bring

    private final Http2Limits limits;
    private final Farewell farewell;
    private final FrameBudget budget;
    private final ClientStreams streams = new ClientStreams();
    private final FrameWalk in =
            new FrameWalk(this::arrived, Http2CodecUtil.connectionPrefaceBuf().readableBytes());
    private final FrameWalk out = new FrameWalk(this::sent, 0);
    private final LongSupplier nanos;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Alarm alarm;
    private boolean late; // the alarm is for a head
    private boolean active; // since the alarm was set
    private boolean inHead;
    private int pieces;

    /**
     * @param endings told why a connection was ended
     */
    public FrameGate(Http2Limits limits, Consumer<Flood> endings, LongSupplier nanos) {
        this.limits = limits;
        this.farewell = new Farewell(endings);
        this.nanos = nanos;
        this.budget = new FrameBudget(limits, nanos);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        Alarm set = new Alarm(ctx.channel().eventLoop(), nanos, this::expire);
        alarm = set;
        set.in(limits.idleTimeout().toNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (farewell.said() || (message instanceof ByteBuf bytes && !in.goOn(bytes))) {
            ReferenceCountUtil.release(message);
            ctx.read(); // what still comes is thrown away, but the end of it must be seen
        } else {
            active = true;
            ctx.fireChannelRead(message);
        }
    }

    private boolean arrived(FrameWalk frame) {
        return switch (frame.type()) {
            case DATA -> dataArrived(frame);
            case HEADERS -> headArrived(frame);
            case CONTINUATION -> pieceArrived(frame);
            case RST_STREAM -> resetArrived(frame);
            case SETTINGS -> costs(Flood.SETTINGS, frame.has(Http2Flags.ACK) ? 1 : COST_OF_SETTINGS);
            case PING -> costs(Flood.PING, 1);
            case PRIORITY -> costs(Flood.PRIORITY, 1);
            case WINDOW_UPDATE -> costs(Flood.WINDOW_UPDATE, 1);
            case GO_AWAY -> true;
            default -> costs(Flood.UNKNOWN_FRAME, 1);
        };
    }

    private boolean dataArrived(FrameWalk frame) {
        if (frame.has(Http2Flags.END_STREAM)) {
            streams.end(frame.stream());
        } else if (isEmpty(frame)) {
            return costs(Flood.EMPTY_DATA, COST_OF_EMPTY_DATA);
        }
        budget.earn(1);
        return true;
    }

    private static boolean isEmpty(FrameWalk frame) {
        int padding = frame.has(Http2Flags.PADDED) && frame.length() > 0 ? 1 + frame.firstByte() : 0;
        return frame.length() <= padding;
    }

    private boolean headArrived(FrameWalk frame) {
        int stream = frame.stream();
        if (stream > streams.highest()) {
            streams.open(stream);
            budget.opened();
            budget.earn(WORTH_OF_HEAD);
        } else if (!streams.isOpen(stream)) {
            // or the codec, which forgets streams, might take it for a new one or for a trifle
            end(streams.hasEnded(stream) ? Http2Error.STREAM_CLOSED : Http2Error.PROTOCOL_ERROR, Flood.PROTOCOL_ERROR);
            return false;
        }
        if (frame.has(Http2Flags.END_STREAM)) {
            streams.end(stream);
        }
        inHead = !frame.has(Http2Flags.END_HEADERS);
        pieces = 0;
        return true;
    }

    private boolean pieceArrived(FrameWalk frame) {
        inHead = !frame.has(Http2Flags.END_HEADERS);
        if (++pieces > MOST_PIECES_OF_A_HEAD) {
            end(Http2Error.ENHANCE_YOUR_CALM, Flood.CONTINUATION);
            return false;
        }
        return true;
    }

    private boolean resetArrived(FrameWalk frame) {
        streams.end(frame.stream());
        if (frame.stream() <= streams.highest() && !budget.reset()) {
            end(Http2Error.ENHANCE_YOUR_CALM, Flood.RAPID_RESET);
            return false;
        }
        return true;
    }

    private boolean costs(Flood kind, int points) {
        if (budget.spend(kind, points)) {
            return true;
        }
        end(Http2Error.ENHANCE_YOUR_CALM, budget.worst());
        return false;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (farewell.said()) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        active = true;
        boolean goesOn = !(message instanceof ByteBuf bytes) || out.goOn(bytes);
        ctx.write(message, promise);
        if (!goesOn) {
            end(Http2Error.ENHANCE_YOUR_CALM, budget.worst());
        }
    }

    private boolean sent(FrameWalk frame) {
        if (frame.type() == DATA && frame.length() > 0) {
            budget.earn(WORTH_OF_ANSWER);
        } else if (frame.type() == RST_STREAM) {
            return budget.resetSent(frame.resetCode());
        } else if (frame.type() == GO_AWAY && frame.goAwayCode() != 0) {
            codecEnds(frame.goAwayCode());
        }
        return true;
    }

    /** It has found something that breaks the protocol. */
    private void codecEnds(int code) {
        boolean flood = code == Http2Error.ENHANCE_YOUR_CALM.code();
        farewell.saidByCodec(context(), flood ? budget.worst() : Flood.PROTOCOL_ERROR);
    }

    private void end(Http2Error why, Flood kind) {
        farewell.say(context(), streams.highest(), why, kind);
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "not added");
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        boolean drips = inHead || in.endsInside(HEADERS);
        Alarm set = alarm;
        if (drips != late && set != null && !farewell.said()) {
            late = drips;
            set.in((drips ? limits.headTimeout() : limits.idleTimeout()).toNanos());
        }
    }

    private void expire() {
        ChannelHandlerContext ctx = context();
        if (late) {
            end(Http2Error.ENHANCE_YOUR_CALM, Flood.SLOW_HEAD);
        } else if (!active && isIdle(ctx)) {
            ctx.channel().close(); // by the codec, which says GOAWAY
            Farewell.closeSoon(ctx);
        } else if (alarm != null) {
            active = false;
            alarm.in(limits.idleTimeout().toNanos());
        }
    }

    private static boolean isIdle(ChannelHandlerContext ctx) {
        Http2FrameCodec codec = ctx.pipeline().get(Http2FrameCodec.class);
        return codec == null || codec.connection().numActiveStreams() == 0;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        handlerRemoved(ctx);
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        Alarm set = alarm;
        if (set != null) {
            set.stop();
        }
    }
}
