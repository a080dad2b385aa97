package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.velo.backend.Reason;
import io.velo.wire.h2.Http2Limits;
import io.velo.wire.h2.RequestStream;
import io.velo.wire.h2.Tunnel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpRequestDecoderSpec;

/** Puts the codec and the guards that both lanes stand behind into the pipeline of a client's connection. */
public final class ClientGuards {

    /** Read by the lanes in place of the rest of a body that broke. The guard answers, and the lane lets go. */
    public static final Object BROKEN = new Object();

    static final AttributeKey<Boolean> BODY_BROKE = AttributeKey.valueOf(ClientGuards.class, "bodyBroke");

    private static final String ENCODER = "velo.responseEncoder";
    private static final String DEADLINE = "velo.clientDeadline";
    private static final String GUARD = "velo.requestGuard";
    private static final String EXTENDED_CONNECT = NettyPipeline.LEFT + "protocolHeaderHandler";

    private ClientGuards() {}

    /**
     * Puts them in place of the HTTP/1.1 codec that is there.
     *
     * @param limits of the codec whose place Velo's takes
     * @param rules what a client may do
     * @param records takes down what passes, if anybody wants it
     * @param refusals told of each refused request
     */
    public static void install(
            ChannelPipeline pipeline,
            HttpRequestDecoderSpec limits,
            ClientRules rules,
            Records records,
            Consumer<Reason> refusals) {
        Queue<HttpMethod> methods = new ArrayDeque<>();
        ClientDeadline deadline = new ClientDeadline(pipeline.channel(), rules.times(), records.nanos());
        // two handlers, because the WebSocket handshake knows how to take out these or Netty's final class for both
        pipeline.replace(
                NettyPipeline.HttpCodec, NettyPipeline.HttpCodec, new RequestDecoder(configOf(limits), methods));
        pipeline.addBefore(NettyPipeline.HttpCodec, ENCODER, new ResponseEncoder(methods));
        pipeline.addBefore(NettyPipeline.HttpCodec, DEADLINE, deadline);
        installGuard(pipeline, new Guarding(deadline, rules, refusals), records);
    }

    /**
     * Puts them into the pipeline of one stream of an HTTP/2 connection, in place of Reactor Netty's codec for streams.
     *
     * @param limits of the connection
     * @param rules what a client may do
     * @param records takes down what passes, if anybody wants it
     * @param refusals told of each refused request
     */
    public static void installOnStream(
            ChannelPipeline pipeline,
            Http2Limits limits,
            ClientRules rules,
            Records records,
            Consumer<Reason> refusals) {
        pipeline.channel().config().setAutoRead(false); // as on connections
        if (pipeline.get(EXTENDED_CONNECT) != null) {
            pipeline.remove(EXTENDED_CONNECT); // Reactor Netty's own way to WebSockets
        }
        ClientDeadline deadline = new ClientDeadline(pipeline.channel(), rules.times(), records.nanos());
        pipeline.replace(
                NettyPipeline.H2ToHttp11Codec, NettyPipeline.H2ToHttp11Codec, new RequestStream(limits.maxTarget()));
        pipeline.addAfter(NettyPipeline.H2ToHttp11Codec, DEADLINE, deadline);
        installGuard(pipeline, new Guarding(deadline, rules, refusals), records);
    }

    private static void installGuard(ChannelPipeline pipeline, Guarding by, Records records) {
        if (!records.wanted()) {
            pipeline.addBefore(NettyPipeline.HttpTrafficHandler, GUARD, by.guard(why -> {}));
            return;
        }
        Channel channel = pipeline.channel();
        RequestGuard guard = by.guard(why -> Recorder.of(channel).ifPresent(recorder -> recorder.refused(why)));
        pipeline.addBefore(NettyPipeline.HttpTrafficHandler, GUARD, guard);
        pipeline.addBefore(GUARD, "velo.recorder", new Recorder(records, channel, guard::listening));
    }

    /** What a guard goes by. */
    private record Guarding(ClientDeadline deadline, ClientRules rules, Consumer<Reason> refusals) {

        RequestGuard guard(Consumer<Reason> alsoTold) {
            return new RequestGuard(deadline, rules, refusals.andThen(alsoTold));
        }
    }

    private static HttpDecoderConfig configOf(HttpRequestDecoderSpec limits) {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.maxInitialLineLength())
                .setMaxHeaderSize(limits.maxHeaderSize())
                .setValidateHeaders(limits.validateHeaders())
                .setInitialBufferSize(limits.initialBufferSize())
                .setAllowPartialChunks(limits.allowPartialChunks());
    }

    /**
     * Answers with a switch of protocols and takes codec and guards out again. Bytes that came already follow.
     *
     * @param switching the head of the answer
     * @param next gets what comes in from now on
     */
    public static void switchTo(ChannelPipeline pipeline, HttpResponse switching, ChannelHandler next) {
        pipeline.addAfter(GUARD, "velo.session", next);
        ChannelHandlerContext ctx = pipeline.context(next);
        ctx.write(switching, ctx.voidPromise());
        ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT, ctx.voidPromise());
        remove(pipeline);
    }

    /**
     * Whether a backend that switches protocols agrees to what it was asked for. Clients of HTTP/1.1 see to that themselves.
     *
     * @param client whose request it answers
     */
    public static boolean agreesTo(HttpResponse switching, Channel client) {
        return Tunnel.of(client).map(tunnel -> tunnel.isAgreedBy(switching)).orElse(true);
    }

    private static void remove(ChannelPipeline pipeline) {
        pipeline.remove(GUARD);
        pipeline.remove(DEADLINE);
        if (pipeline.get(NettyPipeline.H2ToHttp11Codec) != null) {
            pipeline.remove(NettyPipeline.H2ToHttp11Codec);
            return; // the connection stays what it is
        }
        pipeline.remove(NettyPipeline.HttpCodec);
        pipeline.remove(ENCODER);
    }

    /**
     * Passes an interim answer of a backend on to the client, on the client's own event loop and before the answer itself.
     * It is dropped if the client speaks HTTP/1.0, or if the answer has begun.
     */
    public static void interim(Channel client, HttpResponse head) {
        if (client.eventLoop().inEventLoop()) {
            interimOnLoop(client, head);
        } else {
            client.eventLoop().execute(() -> interimOnLoop(client, head));
        }
    }

    private static void interimOnLoop(Channel client, HttpResponse head) {
        ChannelHandlerContext ctx = client.pipeline().context(GUARD);
        if (ctx != null && ctx.handler() instanceof RequestGuard guard) {
            guard.interim(ctx, head);
        } else {
            ReferenceCountUtil.release(head);
        }
    }

    /** Whether a connection ends because the content of its last request was malformed, and not because the client left. */
    public static boolean bodyBroke(Channel client) {
        return Boolean.TRUE.equals(client.attr(BODY_BROKE).get());
    }
}
