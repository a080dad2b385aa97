package io.velo.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.velo.backend.Reason;
import io.velo.http.Problem;

/** An answer of Velo's own after which the connection is closed. */
record LastAnswer(int status) {

    /** Writes it and closes. */
    void write(ChannelHandlerContext ctx) {
        FullHttpResponse response =
                status < 400 ? plain() : ProblemAnswer.of(new Problem(status, Reason.HTTP_REQUEST_ERROR));
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        ctx.write(response, ctx.voidPromise());
        Linger.close(ctx, false);
    }

    private FullHttpResponse plain() {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.EMPTY_BUFFER);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
        return response;
    }
}
