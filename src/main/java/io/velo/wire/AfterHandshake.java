package io.velo.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.Consumer;
import java.util.function.Predicate;
import reactor.netty.NettyPipeline;

/** Lets the handshake's end pass first, by which Reactor Netty learns the protocol and puts the codec in. */
final class AfterHandshake extends ChannelInboundHandlerAdapter {

    private final Predicate<ChannelPipeline> spoken;
    private final Consumer<ChannelPipeline> setup;

    private AfterHandshake(Predicate<ChannelPipeline> spoken, Consumer<ChannelPipeline> setup) {
        this.spoken = spoken;
        this.setup = setup;
    }

    /** Sets up what this protocol needs if that is what was agreed on; no effect without TLS. */
    static void of(ChannelPipeline pipeline, Predicate<ChannelPipeline> spoken, Consumer<ChannelPipeline> setup) {
        if (pipeline.get(NettyPipeline.SslHandler) != null) {
            pipeline.addAfter(
                    NettyPipeline.SslHandler, null, new AfterHandshake(spoken, setup)); // the first one acts first
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        ctx.fireUserEventTriggered(event);
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            ChannelPipeline pipeline = ctx.pipeline();
            pipeline.remove(this);
            if (handshake.isSuccess() && spoken.test(pipeline)) {
                setup.accept(pipeline);
            }
        }
    }
}
