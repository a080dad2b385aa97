package io.velo.wire.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;

/**
 * Makes of one stream of an HTTP/2 connection to a backend what a connection of HTTP/1.1 with one request is: what is written
 * to it becomes the request, what comes is told as the answer. An answer that can't be one is marked as undecodable.
 */
public final class AnswerStream extends ChannelDuplexHandler {

    /** Event: the backend has not begun to work on this request, and won't. The stream is closed next. */
    public static final Object REFUSED = new Object();

    private static final int MOST_INTERIM = 32;

    private final AsciiString scheme;
    private HttpMethod method = HttpMethod.GET;
    private boolean headArrived;
    private boolean ended;
    private boolean bodyless;
    private boolean bodyDue; // as the head says
    private int interims;

    /**
     * @param secure whether the connection is one by TLS
     */
    public AnswerStream(boolean secure) {
        this.scheme = secure ? StreamRequest.HTTPS : StreamRequest.HTTP;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof HttpRequest head) {
            writeHead(ctx, head);
        } else if (message instanceof HttpContent part) {
            writePart(ctx, part);
        } else {
            ctx.write(message, promise);
        }
    }

    private void writeHead(ChannelHandlerContext ctx, HttpRequest head) {
        method = head.method();
        LastHttpContent rest = head instanceof LastHttpContent whole ? whole : null;
        boolean alone = rest != null && !rest.content().isReadable();
        ctx.write(new DefaultHttp2HeadersFrame(StreamRequest.fields(head, scheme), alone))
                .addListener(out -> {
                    if (!out.isSuccess()) { // so the backend can't have seen all of it
                        ctx.fireUserEventTriggered(REFUSED);
                    }
                });
        if (alone) {
            ReferenceCountUtil.release(head);
        } else if (rest != null) {
            write(ctx, new DefaultHttp2DataFrame(rest.content(), true));
        }
    }

    private static void writePart(ChannelHandlerContext ctx, HttpContent part) {
        boolean last = part instanceof LastHttpContent;
        if (last || part.content().isReadable()) {
            write(ctx, new DefaultHttp2DataFrame(part.content(), last));
        } else {
            ReferenceCountUtil.release(part);
        }
    }

    /** Whether it gets out isn't asked: the end of the stream tells. */
    private static void write(ChannelHandlerContext ctx, Http2StreamFrame frame) {
        ctx.write(frame, ctx.newPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Http2HeadersFrame head && !headArrived) {
            headArrived(ctx, head);
        } else if (message instanceof Http2HeadersFrame trailers) {
            end(ctx, StreamAnswer.end(trailers.headers()), trailers.isEndStream());
        } else if (message instanceof Http2DataFrame data) {
            dataArrived(ctx, data);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void headArrived(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
        HttpResponse head = StreamAnswer.head(frame.headers());
        int status = head.status().code();
        if (head.decoderResult().isFailure()) {
            undecodable(ctx, head);
        } else if (status >= 200) {
            answerBegins(ctx, head, frame.isEndStream());
        } else if (status == HttpResponseStatus.SWITCHING_PROTOCOLS.code()
                || frame.isEndStream()
                || ++interims > MOST_INTERIM) {
            undecodable(ctx, StreamAnswer.undecodable(new IllegalArgumentException("not an answer: " + status)));
        } else if (status != HttpResponseStatus.CONTINUE.code()) {
            ctx.fireUserEventTriggered(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    head.status(),
                    Unpooled.EMPTY_BUFFER,
                    head.headers(),
                    EmptyHttpHeaders.INSTANCE));
        }
    }

    private void answerBegins(ChannelHandlerContext ctx, HttpResponse head, boolean alone) {
        int status = head.status().code();
        bodyless = method.equals(HttpMethod.HEAD) || status == 204 || status == 304;
        bodyDue =
                !bodyless && HttpUtil.getContentLength(head, 0L) > 0; // more or less than that the codec has an eye on
        if (alone && bodyDue) {
            undecodable(ctx, StreamAnswer.undecodable(new IllegalArgumentException("no content although a length")));
            return;
        }
        headArrived = true;
        ctx.fireChannelRead(head);
        if (alone) {
            end(ctx, LastHttpContent.EMPTY_LAST_CONTENT, true);
        }
    }

    private void undecodable(ChannelHandlerContext ctx, HttpResponse head) {
        headArrived = true;
        ended = true;
        ctx.fireChannelRead(head);
        ctx.close();
    }

    private void dataArrived(ChannelHandlerContext ctx, Http2DataFrame data) {
        ByteBuf content = data.content();
        if (!headArrived || ended || bodyless || !content.isReadable()) {
            content.release();
            content = Unpooled.EMPTY_BUFFER;
        }
        bodyDue &= !content.isReadable();
        if (data.isEndStream()) {
            end(ctx, new DefaultLastHttpContent(content), !bodyDue);
        } else if (content.isReadable()) {
            ctx.fireChannelRead(new DefaultHttpContent(content));
        }
    }

    private void end(ChannelHandlerContext ctx, LastHttpContent last, boolean whole) {
        if (ended || !headArrived) {
            last.release();
            return;
        }
        ended = true;
        ctx.fireChannelRead(whole ? last : broken(last, new IllegalArgumentException("not a whole answer")));
    }

    private static LastHttpContent broken(LastHttpContent last, Throwable cause) {
        last.release();
        LastHttpContent broken = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        broken.setDecoderResult(DecoderResult.failure(cause));
        return broken;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2GoAwayFrame || isRefusal(event)) {
            ReferenceCountUtil.release(event);
            ctx.fireUserEventTriggered(REFUSED);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private boolean isRefusal(Object event) {
        return event instanceof Http2ResetFrame reset
                && reset.errorCode() == Http2Error.REFUSED_STREAM.code()
                && !headArrived;
    }

    /** The codec has found a fault in this stream alone, and resets it when this returns. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof Http2Exception)) {
            ctx.fireExceptionCaught(cause);
        } else if (!headArrived) {
            undecodable(ctx, StreamAnswer.undecodable(cause));
        } else if (!ended) {
            ended = true;
            ctx.fireChannelRead(broken(LastHttpContent.EMPTY_LAST_CONTENT, cause));
        }
    }
}
