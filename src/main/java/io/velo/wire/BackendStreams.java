package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.velo.wire.h2.AnswerStream;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Opens the streams of one HTTP/2 connection to a backend, each a connection for one request. For one event loop. */
final class BackendStreams {

    private final Keeper keeper;
    private final UpstreamSettings settings;
    private final boolean secure;
    private final LongSupplier nanos;
    private final Http2StreamChannelBootstrap streams;
    private boolean used;

    /**
     * @param keeper told what becomes of them
     * @param secure whether the connection is one by TLS
     */
    BackendStreams(Keeper keeper, UpstreamSettings settings, Channel connection, boolean secure, LongSupplier nanos) {
        this.keeper = keeper;
        this.settings = settings;
        this.secure = secure;
        this.nanos = nanos;
        this.streams = new Http2StreamChannelBootstrap(connection).handler(new Setup());
    }

    /** One more, all but the first of which {@linkplain BackendConnection#follows follow} another; none if it is too late. */
    @Nullable
    BackendConnection open() {
        Http2StreamChannel stream = streams.open().getNow(); // there at once, on its own event loop
        if (stream == null) {
            return null;
        }
        BackendConnection made = stream.pipeline().get(BackendConnection.class);
        made.established();
        if (used) {
            made.follows();
        }
        used = true;
        return made;
    }

    private final class Setup extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel stream) {
            stream.pipeline().addLast(new AnswerStream(secure), new BackendConnection(keeper, settings, stream, nanos));
        }
    }
}
