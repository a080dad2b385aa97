package io.velo.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Stands behind the codec of a connection to a backend and lets through one answer for each request: interim answers go
 * their own way, an answer that can't be one is marked as undecodable, and a connection on which more was said than asked for
 * is closed before another request could take it for its answer.
 */
public final class AnswerGuard extends ChannelDuplexHandler {

    private static final AttributeKey<Consumer<HttpResponse>> INTERIM =
            AttributeKey.valueOf(AnswerGuard.class, "interim");

    private static final int MOST_INTERIM = 32;

    private final AnswerCodec codec;
    private boolean awaiting;
    private boolean upgradeAsked;
    private boolean interim;
    private boolean swallowed;
    private int interims;
    private @Nullable Consumer<HttpResponse> interimTaker;

    private AnswerGuard(AnswerCodec codec) {
        this.codec = codec;
    }

    /** Puts codec and guard into the pipeline of a new HTTP/1.1 connection; leaves others as they are. */
    public static void install(ChannelPipeline pipeline) {
        if (pipeline.get(NettyPipeline.HttpCodec) instanceof HttpClientCodec) {
            AnswerCodec codec = new AnswerCodec();
            pipeline.replace(NettyPipeline.HttpCodec, NettyPipeline.HttpCodec, codec);
            pipeline.addAfter(NettyPipeline.HttpCodec, "velo.answerGuard", new AnswerGuard(codec));
        }
    }

    /** Puts codec and guard at the end of the pipeline of a connection that is Velo's own. */
    public static void append(ChannelPipeline pipeline) {
        AnswerCodec codec = new AnswerCodec();
        pipeline.addLast(codec, new AnswerGuard(codec));
    }

    /** Takes codec and guard out again, for a connection that goes on as a tunnel. Its bytes that came already follow. */
    static void remove(ChannelPipeline pipeline) {
        pipeline.remove(AnswerGuard.class);
        pipeline.remove(AnswerCodec.class);
    }

    /**
     * Registers who takes the interim answers to the next request that is written, 100 and 101 excepted; without anybody they
     * are dropped. Called on the event loop of the connection, before that request is written.
     */
    public static void onInterim(Channel upstream, Consumer<HttpResponse> taker) {
        upstream.attr(INTERIM).set(taker);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof HttpRequest request) {
            awaiting = true;
            upgradeAsked = request.headers().contains(HttpHeaderNames.UPGRADE);
            interims = 0;
            interimTaker = ctx.channel().attr(INTERIM).getAndSet(null);
            codec.expectAnswerTo(request.method());
        }
        ctx.write(message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!awaiting) {
            ReferenceCountUtil.release(message);
            ctx.close();
        } else if (message instanceof HttpResponse head) {
            headArrived(ctx, head);
        } else if (interim) {
            ReferenceCountUtil.release(message);
            interim = !(message instanceof LastHttpContent);
            swallowed = true;
        } else {
            bodyArrived(ctx, message);
        }
    }

    /** Whoever waits for the answer has asked for one read, and that has brought none. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (swallowed) {
            swallowed = false;
            ctx.read();
        }
    }

    private void headArrived(ChannelHandlerContext ctx, HttpResponse head) {
        interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL
                && !head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
        if (interim && ++interims <= MOST_INTERIM) {
            interimArrived(ctx, head);
            return;
        }
        OneHop.strip(head.headers(), false);
        if (head.decoderResult().isSuccess() && !isAcceptable(head)) {
            head.setDecoderResult(
                    DecoderResult.failure(new IllegalArgumentException("not an answer: " + head.status())));
        }
        boolean undecodable = head.decoderResult().isFailure();
        ctx.fireChannelRead(head);
        if (undecodable) {
            ctx.close();
        }
    }

    private void interimArrived(ChannelHandlerContext ctx, HttpResponse head) {
        if (!head.status().equals(HttpResponseStatus.CONTINUE)
                && head.decoderResult().isSuccess()) {
            OneHop.strip(head.headers(), false);
            head.headers().remove(HttpHeaderNames.CONNECTION);
            HttpResponse whole = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    head.status(),
                    Unpooled.EMPTY_BUFFER,
                    head.headers(),
                    EmptyHttpHeaders.INSTANCE);
            Consumer<HttpResponse> taker = interimTaker;
            if (taker == null) {
                ctx.fireUserEventTriggered(whole);
            } else {
                taker.accept(whole);
            }
        }
        ReferenceCountUtil.release(head);
    }

    /** A switch of protocols has to have been asked for, and of the codings only chunks have an end that can be told. */
    @SuppressWarnings("ReferenceEquality") // of the two versions there is one object each
    private boolean isAcceptable(HttpResponse head) {
        HttpVersion version = head.protocolVersion();
        List<String> codings = head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                ? head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING)
                : List.of();
        return (version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0)
                && isFinal(head.status().code())
                && (codings.isEmpty()
                        || (codings.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.get(0))));
    }

    /** Three digits; and none has so much to say before its answer as to come here with an interim one. */
    private boolean isFinal(int status) {
        return (status >= 200 && status <= 999)
                || (upgradeAsked && status == HttpResponseStatus.SWITCHING_PROTOCOLS.code());
    }

    private void bodyArrived(ChannelHandlerContext ctx, Object message) {
        if (message instanceof LastHttpContent end) {
            awaiting = false;
            Trailers.strip(end.trailingHeaders());
            if (codec.hasMore()) {
                ctx.close(); // before the answer is complete, so that nobody gets the connection then
            }
        }
        ctx.fireChannelRead(message);
    }
}
