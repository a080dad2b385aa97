package io.velo.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Tells by the first bytes of a clear-text connection whether the client speaks HTTP/2 from the start, by its preface (RFC 9113
 * section 3.3), or HTTP/1.1. The way from one to the other by {@code Upgrade} is out of use and not offered.
 */
public final class FirstBytes extends ChannelInboundHandlerAdapter {

    private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();

    private final List<Consumer<ChannelPipeline>> http11 = new ArrayList<>(3);
    private final List<Consumer<ChannelPipeline>> http2 = new ArrayList<>(1);
    private final ClientTimes times;
    private final Alarm alarm;
    private @Nullable ByteBuf held;

    private FirstBytes(Channel channel, ClientTimes times, LongSupplier nanos) {
        this.times = times;
        this.alarm = new Alarm(channel.eventLoop(), nanos, channel::close);
    }

    /** Waits for them if both protocols are spoken here in clear text. */
    public static void await(Channel channel, ClientTimes times, LongSupplier nanos) {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.get(NettyPipeline.H2CUpgradeHandler) != null) {
            pipeline.addBefore(
                    NettyPipeline.H2CUpgradeHandler, "velo.firstBytes", new FirstBytes(channel, times, nanos));
        }
    }

    void whenHttp11(Consumer<ChannelPipeline> setup) {
        http11.add(setup);
    }

    void whenHttp2(Consumer<ChannelPipeline> setup) {
        http2.add(setup);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        alarm.in(times.idle().toNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = joined(ctx, (ByteBuf) message);
        int known = Math.min(bytes.readableBytes(), PREFACE.readableBytes());
        boolean same = bytes.slice(bytes.readerIndex(), known).equals(PREFACE.slice(0, known));
        if (same && known < PREFACE.readableBytes()) {
            if (held == null) {
                alarm.in(times.head().toNanos());
            }
            held = bytes;
            return;
        }
        held = null;
        decide(ctx, same);
        ctx.fireChannelRead(bytes);
        ctx.pipeline().remove(this);
    }

    private ByteBuf joined(ChannelHandlerContext ctx, ByteBuf more) {
        ByteBuf before = held;
        if (before == null) {
            return more;
        }
        ByteBuf both = ctx.alloc().buffer(before.readableBytes() + more.readableBytes());
        both.writeBytes(before).writeBytes(more);
        before.release();
        more.release();
        return both;
    }

    private void decide(ChannelHandlerContext ctx, boolean isHttp2) {
        ChannelPipeline pipeline = ctx.pipeline();
        if (!isHttp2) {
            pipeline.remove(NettyPipeline.H2CUpgradeHandler);
            pipeline.remove(HttpServerUpgradeHandler.class);
            pipeline.remove(HttpServerCodec.class);
            pipeline.addAfter(ctx.name(), NettyPipeline.HttpCodec, new HttpServerCodec());
        }
        (isHttp2 ? http2 : http11).forEach(setup -> setup.accept(pipeline));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (held != null) {
            ctx.read();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        alarm.stop();
        ByteBuf unread = held;
        if (unread != null) {
            held = null;
            unread.release();
        }
    }
}
