package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Consumer;
import reactor.netty.NettyPipeline;

/** Waits for a client's connection to speak HTTP/1.1: in clear text at once, or with its first bytes; by TLS after ALPN. */
public final class Http11 {

    private Http11() {}

    /** Runs this with the pipeline as soon as it has the HTTP/1.1 codec, and never if the client speaks something else. */
    public static void whenSpoken(Channel channel, Consumer<ChannelPipeline> setup) {
        ChannelPipeline pipeline = channel.pipeline();
        FirstBytes undecided = pipeline.get(FirstBytes.class);
        if (undecided != null) {
            undecided.whenHttp11(setup);
        } else if (isSpoken(pipeline)) {
            setup.accept(pipeline);
        } else {
            AfterHandshake.of(pipeline, Http11::isSpoken, setup);
        }
    }

    /** Whether it came by TLS, be it that the handshake is still to come. */
    public static boolean isSecure(ChannelPipeline pipeline) {
        return pipeline.get(NettyPipeline.SslHandler) != null || pipeline.get(SslHandler.class) != null;
    }

    private static boolean isSpoken(ChannelPipeline pipeline) {
        return pipeline.get(NettyPipeline.HttpCodec) != null && pipeline.get(NettyPipeline.HttpTrafficHandler) != null;
    }
}
