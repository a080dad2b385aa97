package io.velo.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.velo.wire.SlowReader;
import io.velo.wire.h2.Tunnel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One end of a session, the client's or the backend's connection. Nothing is written through the handlers behind this one, which
 * still believe in HTTP.
 */
final class SessionEnd extends ChannelInboundHandlerAdapter {

    private final Session session;
    private final FrameTrail trail = new FrameTrail(); // of what comes from this end
    private @Nullable ChannelHandlerContext context;
    private boolean told;
    private boolean gone;
    private boolean broken;
    private @Nullable SlowReader last; // none unless it is waited for to take the last bytes

    SessionEnd(Session session) {
        this.session = session;
    }

    ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "not added");
    }

    /** The frames that come from this end. */
    FrameTrail trail() {
        return trail;
    }

    /** Whether Velo has told this end that the session is over. */
    boolean told() {
        return told;
    }

    /** Whether its connection is closed. */
    boolean gone() {
        return gone;
    }

    /** Whether that was by a reset. */
    boolean broken() {
        return broken;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            session.read(this, bytes);
        } else {
            ReferenceCountUtil.release(message); // the end of the answer that switched
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        session.batchEnded(this);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        session.writabilityChanged(this);
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone = true;
        if (last != null) {
            last.stop();
        }
        session.gone(this);
        ctx.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            session.said(this);
        }
        ctx.fireUserEventTriggered(event);
    }

    /** A reset; the channel is closed with it. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        broken = true;
        ctx.close();
    }

    /**
     * Passes bytes on to this end; the flush is the caller's.
     *
     * @return whether it takes more
     */
    boolean write(ByteBuf bytes) {
        ChannelHandlerContext ctx = context();
        ctx.write(bytes, ctx.voidPromise());
        if (ctx.channel().isWritable()) {
            return true;
        }
        ctx.flush();
        return ctx.channel().isWritable();
    }

    void flush() {
        context().flush();
    }

    boolean writable() {
        return context().channel().isWritable();
    }

    void readOn(boolean wanted) {
        context().channel().config().setAutoRead(wanted);
    }

    /** Tells it that the session is over; nothing else goes to it any more. */
    void tell(ByteBuf closeFrame) {
        told = true;
        ChannelHandlerContext ctx = context();
        ctx.writeAndFlush(closeFrame, ctx.voidPromise());
    }

    /**
     * Closes its connection as soon as what was written is out.
     *
     * @param by ends the wait for that if it is in vain
     */
    void closeBehind(SlowReader by) {
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        if (context().channel().isOpen()) {
            last = by;
            by.lastWritten();
        }
    }

    /** The same, without an end that could be taken for an orderly one where that makes a difference. */
    void breakBehind(SlowReader by) {
        Tunnel.of(context().channel()).ifPresent(Tunnel::breakOff);
        closeBehind(by);
    }

    void close() {
        context().close();
    }
}
