package io.velo.wire;

import io.netty.channel.ChannelPipeline;
import io.velo.backend.Reason;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.netty.NettyPipeline;

/** Puts the guards that both lanes stand behind into the pipeline of a client's connection. */
public final class ClientGuards {

    private static final String DEADLINE = "velo.headDeadline";
    private static final String GUARD = "velo.requestGuard";

    private ClientGuards() {}

    /** Takes codec and guards out again, for a connection that goes on as a tunnel. Its bytes that came already follow. */
    public static void remove(ChannelPipeline pipeline) {
        pipeline.remove(GUARD);
        pipeline.remove(DEADLINE);
        pipeline.remove(NettyPipeline.HttpCodec);
    }

    /**
     * Puts them in if the HTTP/1.1 codec is there; with TLS and ALPN it comes later.
     *
     * @param header longest time for the head of a request to come in
     * @param refusals told of each refused request
     */
    public static void install(ChannelPipeline pipeline, Duration header, Consumer<Reason> refusals) {
        if (pipeline.get(NettyPipeline.HttpTrafficHandler) == null) {
            return;
        }
        HeadDeadline deadline = new HeadDeadline(header);
        pipeline.addBefore(NettyPipeline.HttpCodec, DEADLINE, deadline);
        pipeline.addBefore(NettyPipeline.HttpTrafficHandler, GUARD, new RequestGuard(deadline, refusals));
    }
}
