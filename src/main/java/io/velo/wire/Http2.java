package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** Waits for a client's connection to speak HTTP/2: in clear text with its first bytes, by TLS after ALPN. */
public final class Http2 {

    private static final String GATE = "velo.frameGate";

    private Http2() {}

    /** Puts this before the codec as soon as the client speaks HTTP/2, and never if it speaks something else. */
    public static void whenSpoken(Channel channel, Supplier<ChannelHandler> gate) {
        ChannelPipeline pipeline = channel.pipeline();
        FirstBytes undecided = pipeline.get(FirstBytes.class);
        if (undecided != null) {
            undecided.whenHttp2(spoken -> {
                spoken.addBefore(NettyPipeline.H2CUpgradeHandler, GATE, gate.get());
                spoken.addLast(new ConnectionFaults());
            });
        } else {
            AfterHandshake.of(
                    pipeline, spoken -> spoken.get(NettyPipeline.HttpCodec) instanceof Http2FrameCodec, spoken -> {
                        spoken.addBefore(NettyPipeline.HttpCodec, GATE, gate.get());
                        spoken.addLast(new ConnectionFaults());
                    });
        }
    }

    /** Runs this with the pipeline of each stream that a client opens, as Reactor Netty has made it. */
    public static HttpServer whenOpened(HttpServer server, Consumer<ChannelPipeline> setup) {
        return server.childObserve((connection, state) -> {
            if (state == ConnectionObserver.State.CONNECTED
                    && connection.channel() instanceof Http2StreamChannel stream) {
                setup.accept(stream.pipeline());
            }
        });
    }

    /** The connection's own channel, if this is one of its streams, be it by HTTP/3; otherwise the same. */
    public static Channel connection(Channel channel) {
        boolean stream = channel instanceof Http2StreamChannel || channel instanceof QuicStreamChannel;
        return stream ? channel.parent() : channel;
    }

    /** What a client does to its whole connection: the codec has ended it, the gate has counted it, and no log wants it. */
    private static final class ConnectionFaults extends ChannelInboundHandlerAdapter {

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!(cause instanceof Http2Exception) && !(cause instanceof IOException)) {
                ctx.fireExceptionCaught(cause);
            }
        }
    }
}
