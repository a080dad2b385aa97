package io.velo.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Queue;

/**
 * Netty's decoder without its leniency: what RFC 9112 calls malformed is not put right but marked as undecodable, and
 * nothing behind it is looked at.
 */
final class RequestDecoder extends HttpRequestDecoder {

    private final RequestScan scan = new RequestScan();
    private final Queue<HttpMethod> methods;
    private boolean inBody;
    private boolean broken;
    private int wordEnd;
    private int lengths;

    /**
     * @param methods takes the method of each request, in order
     */
    RequestDecoder(HttpDecoderConfig config, Queue<HttpMethod> methods) {
        super(config);
        this.methods = methods;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (!scan.accepts(in)) {
            in.skipBytes(in.readableBytes());
            follow(undecodable(), out);
            return;
        }
        int start = in.readerIndex();
        int known = out.size();
        super.decode(ctx, in, out);
        scan.decoded(in.readerIndex() - start);
        for (int i = known; i < out.size(); i++) {
            follow(out.get(i));
        }
    }

    private void follow(DecoderResultProvider message, List<Object> out) {
        out.add(message);
        follow(message);
    }

    private void follow(Object message) {
        broken |= message instanceof DecoderResultProvider decoded
                && decoded.decoderResult().isFailure();
        if (message instanceof HttpRequest request) {
            methods.add(request.method());
            inBody = true;
            scan.headEnded(HttpUtil.isTransferEncodingChunked(request));
        }
        if (message instanceof LastHttpContent) {
            inBody = false;
            lengths = 0;
            scan.requestEnded();
        }
    }

    private DecoderResultProvider undecodable() {
        DecoderResultProvider message = inBody
                ? new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER)
                : new DefaultFullHttpRequest(HttpVersion.HTTP_1_0, HttpMethod.GET, "/bad-request");
        message.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("malformed")));
        return message;
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        wordEnd = start + length;
        if (start != 0) {
            throw new IllegalArgumentException("something before the method");
        }
        return super.splitFirstWordInitialLine(line, start, length);
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        standsBehindOneSpace(line, start, length);
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        standsBehindOneSpace(line, start, length);
        return super.splitThirdWordInitialLine(line, start, length);
    }

    private void standsBehindOneSpace(byte[] line, int start, int length) {
        if (start != wordEnd + 1 || line[wordEnd] != ' ') {
            throw new IllegalArgumentException("not one space between the words of the request line");
        }
        wordEnd = start + length;
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        AsciiString name = super.splitHeaderName(line, start, length);
        if (HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name) && lengths++ > 0) {
            throw new IllegalArgumentException("two lengths"); // of which the decoder would take the last, by HTTP/1.0
        }
        if (scan.inTrailers() && !Trailers.allow(name)) {
            throw new IllegalArgumentException("not a trailer: " + name);
        }
        return name;
    }
}
