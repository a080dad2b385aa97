package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.velo.wire.h2.StreamSettings;

/** HTTP/2 as it is spoken with backends: what they may send, and how much of it at once. */
final class BackendCodec {

    private static final int LONGEST_HEAD = 16 << 10;
    private static final int MOST_EMPTY_PARTS = 64;

    private BackendCodec() {}

    /** Speaks it on a new connection, on which backends may not open streams. */
    static void install(ChannelPipeline pipeline, StreamSettings settings) {
        Http2FrameCodec codec = Http2FrameCodecBuilder.forClient()
                .initialSettings(Http2Settings.defaultSettings()
                        .pushEnabled(false)
                        .maxConcurrentStreams(0)
                        .initialWindowSize(settings.window())
                        .maxHeaderListSize(LONGEST_HEAD))
                .decoderEnforceMaxConsecutiveEmptyDataFrames(MOST_EMPTY_PARTS)
                .gracefulShutdownTimeoutMillis(0) // who closes it has waited already, or doesn't want to
                .build();
        pipeline.addLast(codec, new Http2MultiplexHandler(new NoPush()));
    }

    /**
     * Widens the window of a whole connection, on which the backend has said its settings. The codec has given it room for two
     * slow readers; it needs it for as many as there may be.
     */
    static void widenWindow(Channel channel, StreamSettings settings) {
        Http2Connection connection =
                channel.pipeline().get(Http2FrameCodec.class).connection();
        Http2LocalFlowController flow = connection.local().flowController();
        int missing = settings.connectionWindow() - flow.initialWindowSize(connection.connectionStream());
        if (missing > 0) {
            try {
                flow.incrementWindowSize(connection.connectionStream(), missing);
            } catch (Http2Exception e) {
                throw new IllegalStateException(e);
            }
            channel.flush();
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
