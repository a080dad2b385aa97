package io.velo.wire;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.velo.access.Refusal;
import io.velo.grpc.GrpcCall;
import io.velo.grpc.GrpcFailure;
import io.velo.grpc.GrpcStatus;
import io.velo.http.Problem;

/** What Velo answers in place of a backend, as a message. */
public final class ProblemAnswer {

    private ProblemAnswer() {}

    /**
     * The whole answer to a request that may not pass.
     *
     * @param contentType the request's, empty if it has none
     */
    public static FullHttpResponse to(String contentType, Refusal refusal) {
        FullHttpResponse answer = refusal.page()
                .filter(page -> !GrpcCall.is(contentType))
                .map(ProblemAnswer::of)
                .orElseGet(() -> to(contentType, Problem.of(refusal.reason())));
        refusal.fields().forEach(field -> answer.headers().add(field.name(), field.value()));
        return answer;
    }

    private static FullHttpResponse of(Refusal.Page page) {
        FullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(page.status()), Unpooled.wrappedBuffer(page.body()));
        if (!page.contentType().isEmpty()) {
            answer.headers().set(HttpHeaderNames.CONTENT_TYPE, page.contentType());
        }
        answer.headers()
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.CONTENT_LENGTH, page.body().length);
        return answer;
    }

    /**
     * The whole answer to a request, of which nothing has been answered yet: for a call of gRPC as such calls fail.
     *
     * @param contentType the request's, empty if it has none
     */
    public static FullHttpResponse to(String contentType, Problem problem) {
        return GrpcCall.is(contentType) ? callFailed(problem) : of(problem);
    }

    private static FullHttpResponse callFailed(Problem problem) {
        GrpcFailure failure = GrpcFailure.of(problem);
        FullHttpResponse answer =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER);
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, GrpcCall.CONTENT_TYPE)
                .set(GrpcStatus.FIELD, failure.status().code())
                .set(GrpcStatus.MESSAGE, failure.encodedMessage())
                .set(Problem.PROXY_STATUS, problem.proxyStatus())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        return answer;
    }

    /** The whole answer to a request, of which nothing has been answered yet and that is no call. */
    static FullHttpResponse of(Problem problem) {
        FullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(problem.status()),
                Unpooled.wrappedBuffer(problem.body()));
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Problem.CONTENT_TYPE)
                .set(Problem.PROXY_STATUS, problem.proxyStatus())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        if (problem.reason().retryLater()) {
            answer.headers().set(HttpHeaderNames.RETRY_AFTER, Problem.RETRY_AFTER_SECONDS);
        }
        answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.content().readableBytes());
        return answer;
    }
}
