package io.velo.wire.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Makes of one stream of a client's HTTP/2 connection what a connection of HTTP/1.1 with one request is, so that both lanes and
 * their guards serve it as such. How the stream ends tells the client what the end of a connection can't: whether the answer
 * is whole, and whose fault it is if it isn't.
 */
public final class RequestStream extends ChannelDuplexHandler {

    /** What a client may send of a body after its answer, in bytes; beyond, it is told that nobody wants it. */
    private static final int MOST_UNWANTED = 256 * 1024;

    private final int maxTarget;
    private boolean headArrived;
    private boolean requestEnded;
    private boolean malformed;
    private boolean bodyless; // the answer, whatever its head says
    private boolean toHead;
    private boolean answerBegun;
    private boolean answerEnded;
    private int unwanted;
    private @Nullable ChannelPromise ending; // done when the end of the answer is out

    /**
     * @param maxTarget the longest target, in characters
     */
    public RequestStream(int maxTarget) {
        this.maxTarget = maxTarget;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Http2HeadersFrame head && !headArrived) {
            headArrived(ctx, head);
        } else if (message instanceof Http2HeadersFrame) {
            requestEnded = true; // trailers, which go no further
            ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        } else if (message instanceof Http2DataFrame data) {
            dataArrived(ctx, data);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void headArrived(ChannelHandlerContext ctx, Http2HeadersFrame head) {
        headArrived = true;
        boolean tunnel = StreamHead.asksForWebSocket(head.headers());
        requestEnded = head.isEndStream() || tunnel; // what follows in a tunnel is no content
        HttpRequest request = StreamHead.request(head.headers(), head.isEndStream(), maxTarget);
        malformed = request.decoderResult().isFailure();
        if (tunnel && !malformed) {
            TunnelStream.open(ctx, request);
        }
        toHead = request.method().equals(HttpMethod.HEAD);
        ctx.fireChannelRead(request);
        if (requestEnded) {
            ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    private void dataArrived(ChannelHandlerContext ctx, Http2DataFrame data) {
        requestEnded = data.isEndStream();
        ByteBuf content = data.content();
        unwanted += answerEnded ? content.readableBytes() : 0;
        ctx.fireChannelRead(requestEnded ? new DefaultLastHttpContent(content) : new DefaultHttpContent(content));
        if (unwanted > MOST_UNWANTED) {
            ctx.close(ctx.newPromise());
        }
    }

    /** The codec has found a fault in this stream alone, and will reset it when this returns. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof Http2Exception)) {
            ctx.fireExceptionCaught(cause);
            return;
        }
        malformed = true;
        if (requestEnded || answerEnded) {
            return;
        }
        requestEnded = true;
        if (headArrived) {
            LastHttpContent broken = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
            broken.setDecoderResult(DecoderResult.failure(cause));
            ctx.fireChannelRead(broken);
        } else {
            headArrived = true;
            ctx.fireChannelRead(StreamHead.undecodable(cause));
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes && !bytes.isReadable()) {
            bytes.release();
            behindEverything(promise);
        } else if (answerEnded) {
            ReferenceCountUtil.release(message);
            drop(promise);
        } else if (message instanceof HttpResponse head && head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            ReferenceCountUtil.release(message);
            ctx.write(headers(head, false), promise);
        } else if (message instanceof HttpResponse head) {
            writeHead(ctx, head, promise);
        } else if (message instanceof HttpContent part) {
            writePart(ctx, part, promise);
        } else {
            ctx.write(message, promise);
        }
    }

    /** A whole answer was told, and all that was to be said about it has been. */
    private static void drop(ChannelPromise promise) {
        promise.trySuccess();
    }

    /** Whoever closes behind the last write waits for this one. */
    private void behindEverything(ChannelPromise promise) {
        ChannelPromise last = ending;
        if (last == null) {
            promise.trySuccess();
        } else {
            last.addListener(out -> promise.trySuccess());
        }
    }

    private void writeHead(ChannelHandlerContext ctx, HttpResponse head, ChannelPromise promise) {
        answerBegun = true;
        int status = head.status().code();
        bodyless = toHead || status == 204 || status == 304;
        if (bodyless) {
            ReferenceCountUtil.release(head);
            writeLast(ctx, headers(head, !malformed), promise);
        } else if (head instanceof LastHttpContent whole) {
            boolean empty =
                    !whole.content().isReadable() && whole.trailingHeaders().isEmpty();
            if (empty) {
                whole.release();
                writeLast(ctx, headers(head, !malformed), promise);
            } else {
                ctx.write(headers(head, false), ctx.newPromise());
                writeEnd(ctx, whole, promise);
            }
        } else {
            ctx.write(headers(head, false), promise);
        }
    }

    private static Http2HeadersFrame headers(HttpResponse head, boolean last) {
        Http2Headers fields = StreamFields.of(head.headers());
        fields.status(head.status().codeAsText());
        return new DefaultHttp2HeadersFrame(fields, last);
    }

    private void writePart(ChannelHandlerContext ctx, HttpContent part, ChannelPromise promise) {
        if (part instanceof LastHttpContent end) {
            writeEnd(ctx, end, promise);
        } else {
            ctx.write(new DefaultHttp2DataFrame(part.content(), false), promise);
        }
    }

    private void writeEnd(ChannelHandlerContext ctx, LastHttpContent end, ChannelPromise promise) {
        HttpHeaders trailers = end.trailingHeaders();
        if (trailers.isEmpty()) {
            writeLast(ctx, new DefaultHttp2DataFrame(end.content(), !malformed), promise);
            return;
        }
        if (end.content().isReadable()) {
            ctx.write(new DefaultHttp2DataFrame(end.content(), false), ctx.newPromise());
        } else {
            end.release();
        }
        writeLast(ctx, new DefaultHttp2HeadersFrame(StreamFields.of(trailers), true), promise);
    }

    /** The answer to a malformed request has no end, so that the reset behind it is one. */
    private void writeLast(ChannelHandlerContext ctx, Http2StreamFrame frame, ChannelPromise promise) {
        answerEnded = true;
        ChannelPromise last = promise.isVoid() ? ctx.newPromise() : promise;
        ending = last;
        ctx.write(frame, last);
    }

    /** After a whole answer only when that is out; what isn't whole is told to be so. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        ChannelPromise last = ending;
        if (last == null || last.isDone()) {
            closeNow(ctx, promise);
        } else {
            ctx.flush();
            last.addListener(out -> closeNow(ctx, promise));
        }
    }

    private void closeNow(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (ctx.channel().isActive() && !(requestEnded && answerEnded && !malformed)) {
            ctx.write(new DefaultHttp2ResetFrame(reset()), ctx.newPromise());
        }
        ctx.close(promise);
    }

    private Http2Error reset() {
        if (malformed) {
            return Http2Error.PROTOCOL_ERROR;
        }
        return answerEnded ? Http2Error.NO_ERROR : answerBegun ? Http2Error.INTERNAL_ERROR : Http2Error.CANCEL;
    }
}
