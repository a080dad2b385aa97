package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.velo.backend.Reason;
import io.velo.wire.h2.AnswerStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a backend, held by one exchange or idle in its pool; or one stream of a {@link SharedConnection}. Tells the
 * exchange what comes in, and closes itself when nothing does for too long.
 */
public final class BackendConnection extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(BackendConnection.class);

    private final Keeper keeper;
    private final UpstreamSettings settings;
    private final Channel channel;
    private final LongSupplier nanos;
    private final Alarm alarm;
    private final long bornNanos;
    private @Nullable AnswerListener listener;
    private int requests;
    private boolean established;
    private boolean answerKeepsAlive;
    private boolean inBody;
    private boolean refused;
    private boolean fellSilent;
    private Reason lostBy = Reason.CONNECTION_TERMINATED;

    BackendConnection(Keeper keeper, UpstreamSettings settings, Channel channel, LongSupplier nanos) {
        this.keeper = keeper;
        this.settings = settings;
        this.channel = channel;
        this.nanos = nanos;
        this.bornNanos = nanos.getAsLong();
        this.alarm = new Alarm(channel.eventLoop(), nanos, this::silent);
    }

    public Channel channel() {
        return channel;
    }

    public boolean usable() {
        return channel.isActive();
    }

    /** It is counted in its pool from now on. */
    void established() {
        established = true;
    }

    /** Whether it has served a request before, so that the backend may have closed it in the meantime. */
    public boolean reused() {
        return requests > 1;
    }

    /** It is one of many streams of a connection that has served requests before. */
    void follows() {
        requests = 1;
    }

    /** Whether the backend has said that it hasn't begun to work on the request, and won't. */
    boolean refused() {
        return refused;
    }

    /** Whether it ended although something was still to come. */
    boolean waitedInVain() {
        return fellSilent || (requests > 0 && !inBody);
    }

    long bornNanos() {
        return bornNanos;
    }

    /** Whether it is too old for another request. */
    boolean old() {
        return nanos.getAsLong() - bornNanos > settings.maxLife().toNanos();
    }

    void idle() {
        listener = null;
        alarm.in(settings.idle().toNanos());
    }

    /** Gives it to an exchange and writes the head; the flush is the caller's. */
    public void send(HttpRequest head, AnswerListener by) {
        listener = by;
        requests++;
        answerKeepsAlive = false;
        inBody = false;
        alarm.off();
        channel.write(head, channel.voidPromise());
    }

    /** Writes a part of the body. A backend that doesn't take it is given as long as one that doesn't answer. */
    public void write(HttpContent part) {
        channel.write(part, channel.voidPromise());
        if (!inBody && !channel.isWritable()) {
            alarm.in(settings.responseTimeout().toNanos());
        }
    }

    public void flush() {
        channel.flush();
    }

    public boolean writable() {
        return channel.isWritable();
    }

    /** The whole request is on its way: from now on the backend is due to answer. */
    public void requestSent() {
        requestSent(settings.responseTimeout());
    }

    /**
     * The whole request is on its way: from now on the backend is due to answer.
     *
     * @param within the time it has for the head
     */
    public void requestSent(Duration within) {
        if (!inBody) {
            alarm.in(within.toNanos());
        }
    }

    /** Stops reading while the client doesn't, and goes on when it does. Silence counts only while something is wanted. */
    public void wantMore(boolean wanted) {
        if (channel.config().isAutoRead() == wanted) {
            return;
        }
        channel.config().setAutoRead(wanted);
        if (wanted) {
            alarm.in(settings.bodyIdle().toNanos());
        } else {
            alarm.off();
        }
    }

    /** The exchange is done with it, and it is good for another one if the backend keeps it open. */
    public void release() {
        listener = null;
        if (answerKeepsAlive && channel.isActive()) {
            wantMore(true);
            keeper.giveBack(this);
        } else {
            close();
        }
    }

    /** The exchange is done with it, and it can't be used again. */
    public void close() {
        listener = null;
        channel.close();
    }

    /** It doesn't speak HTTP any more: this handler takes its place, and ends it. It counts as open until it is closed. */
    public void becomeTunnel(ChannelHandler tunnel) {
        listener = null;
        alarm.stop();
        keeper.leave(channel);
        channel.closeFuture().addListener(closed -> keeper.closed(this));
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(tunnel);
        pipeline.remove(this);
        AnswerGuard.remove(pipeline);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        AnswerListener current = listener;
        if (current == null) {
            ReferenceCountUtil.release(message); // the guard before this one has closed the connection
        } else if (message instanceof HttpResponse head) {
            headArrived(head, current);
        } else if (message instanceof HttpContent part) {
            partArrived(part, current);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        AnswerListener current = listener;
        if (current != null && event instanceof HttpResponse interim) {
            current.interim(interim);
        } else if (event == AnswerStream.REFUSED) {
            refused = true;
            lostBy = Reason.CONNECTION_REFUSED;
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void headArrived(HttpResponse head, AnswerListener current) {
        inBody = true;
        answerKeepsAlive = HttpUtil.isKeepAlive(head);
        alarm.off(); // until the end of this read
        current.answered(head);
    }

    private void partArrived(HttpContent part, AnswerListener current) {
        if (part instanceof LastHttpContent) {
            alarm.off();
        }
        current.answered(part);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        AnswerListener current = listener;
        if (current != null) {
            if (inBody && channel.config().isAutoRead()) {
                alarm.in(settings.bodyIdle().toNanos());
            }
            current.answerBatchEnded();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        AnswerListener current = listener;
        if (current != null && channel.isWritable()) {
            current.backendWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        alarm.stop();
        if (established) {
            keeper.closed(this);
        }
        AnswerListener current = listener;
        listener = null;
        if (current != null) {
            current.backendLost(lostBy == Reason.CONNECTION_TERMINATED ? keeper.whyLost() : lostBy);
        }
    }

    /**
     * A reset closes the channel, which is told apart, and so is TLS that breaks off; anything but that and a failed connect is
     * a fault of Velo. With TLS 1.3 a backend refuses Velo's certificate only when the first request is on its way.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean first = requests == 1 && !inBody;
        if (first && FailureReasons.isRefusedHandshake(cause)) {
            lostBy = Reason.TLS_PROTOCOL_ERROR;
        } else if (established && !FailureReasons.isInputOrOutput(cause)) {
            log.error("an answer ended by a fault of Velo", cause);
        }
        ctx.close();
    }

    private void silent() {
        fellSilent = true;
        AnswerListener current = listener;
        listener = null;
        channel.close();
        if (current != null) {
            current.backendLost(Reason.HTTP_RESPONSE_TIMEOUT);
        }
    }
}
