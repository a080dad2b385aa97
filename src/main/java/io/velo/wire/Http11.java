package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.Consumer;
import reactor.netty.NettyPipeline;

/** Waits for a client's connection to speak HTTP/1.1: in clear text at once, with TLS and ALPN after the handshake. */
public final class Http11 {

    private Http11() {}

    /** Runs this with the pipeline as soon as it has the HTTP/1.1 codec, and never if the client speaks something else. */
    public static void whenSpoken(Channel channel, Consumer<ChannelPipeline> setup) {
        ChannelPipeline pipeline = channel.pipeline();
        if (isSpoken(pipeline)) {
            setup.accept(pipeline);
        } else if (pipeline.get(NettyPipeline.SslHandler) != null) {
            pipeline.addAfter(NettyPipeline.SslHandler, null, new AfterHandshake(setup));
        }
    }

    /** Whether it came by TLS, be it that the handshake is still to come. */
    public static boolean isSecure(ChannelPipeline pipeline) {
        return pipeline.get(NettyPipeline.SslHandler) != null || pipeline.get(SslHandler.class) != null;
    }

    private static boolean isSpoken(ChannelPipeline pipeline) {
        return pipeline.get(NettyPipeline.HttpCodec) != null && pipeline.get(NettyPipeline.HttpTrafficHandler) != null;
    }

    /** Lets the handshake's end pass first, by which Reactor Netty learns the protocol and puts the codec in. */
    private static final class AfterHandshake extends ChannelInboundHandlerAdapter {

        private final Consumer<ChannelPipeline> setup;

        AfterHandshake(Consumer<ChannelPipeline> setup) {
            this.setup = setup;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            ctx.fireUserEventTriggered(event);
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                ChannelPipeline pipeline = ctx.pipeline();
                pipeline.remove(this);
                if (handshake.isSuccess() && isSpoken(pipeline)) {
                    setup.accept(pipeline);
                }
            }
        }
    }
}
