package io.velo.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.velo.backend.Reason;
import io.velo.grpc.GrpcAnswer;
import io.velo.grpc.GrpcCall;
import io.velo.grpc.GrpcDeadline;
import io.velo.grpc.GrpcFailure;
import io.velo.grpc.GrpcStatus;
import io.velo.grpc.GrpcWeb;
import io.velo.http.Problem;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClientResponse;

/** What gRPC has beyond HTTP, for requests of this lane: how long they may take, and how they really ended. */
final class GrpcCalls {

    private GrpcCalls() {}

    static boolean is(ServerWebExchange exchange) {
        return GrpcCall.is(field(exchange, "Content-Type"));
    }

    /** The same, or one of grpc-web that no filter has made a call of gRPC of. */
    static boolean isAny(ServerWebExchange exchange) {
        return is(exchange) || GrpcWeb.is(field(exchange, "Content-Type"));
    }

    /** How long the client of a call waits. */
    static GrpcDeadline deadline(ServerWebExchange exchange) {
        return isAny(exchange) ? GrpcDeadline.of(field(exchange, GrpcCall.TIMEOUT)) : GrpcDeadline.NONE;
    }

    private static String field(ServerWebExchange exchange, String name) {
        return Objects.requireNonNullElse(exchange.getRequest().getHeaders().getFirst(name), "");
    }

    /** As what status an answer counts, as far as its head tells: the call's own if the head is also its end. */
    static int status(ServerWebExchange exchange, HttpClientResponse head) {
        return is(exchange) ? answer(head).countsAs() : head.status().code();
    }

    /** Whether the head has what stands behind the body otherwise, so that there is no body (trailers only). */
    static boolean endsWithHead(HttpClientResponse head) {
        return answer(head).endsWithHead();
    }

    /** Whether it is the answer of somebody who speaks gRPC. */
    static boolean isAnswer(HttpClientResponse head) {
        return answer(head).speaksGrpc();
    }

    private static GrpcAnswer answer(HttpClientResponse head) {
        HttpHeaders fields = head.responseHeaders();
        return new GrpcAnswer(
                head.status().code(), fields.get(HttpHeaderNames.CONTENT_TYPE, ""), fields.get(GrpcStatus.FIELD, ""));
    }

    /** The head has arrived. */
    static void answered(ServerWebExchange exchange, ProxiedRequest request, HttpClientResponse head) {
        if (is(exchange) && endsWithHead(head)) {
            ended(exchange, request, head, null);
        }
    }

    /**
     * The body is over.
     *
     * @param trailers what stood behind it, null if there was nothing
     */
    static void ended(
            ServerWebExchange exchange,
            ProxiedRequest request,
            HttpClientResponse head,
            org.springframework.http.@Nullable HttpHeaders trailers) {
        if (is(exchange)) {
            String code = trailers == null ? null : trailers.getFirst(GrpcStatus.FIELD);
            answer(head)
                    .end(Objects.requireNonNullElse(code, ""))
                    .ifPresent(status -> ended(exchange, request, status));
        }
    }

    private static void ended(ServerWebExchange exchange, ProxiedRequest request, GrpcStatus status) {
        request.turnedOut(status.httpStatus());
        if (deadline(exchange).excuses(status)) {
            request.lease().ifPresent(held -> held.abort(Reason.HTTP_RESPONSE_TIMEOUT));
        }
    }

    /** Answers a call that failed: by a head that is also the end. */
    static Mono<Void> fail(ServerWebExchange exchange, Problem problem) {
        GrpcFailure failure = GrpcFailure.of(problem);
        String asked = field(exchange, "Content-Type");
        ServerHttpResponse response = exchange.getResponse();
        response.setRawStatusCode(200);
        response.getHeaders().set("Content-Type", GrpcWeb.is(asked) ? GrpcWeb.answerTo(asked) : GrpcCall.CONTENT_TYPE);
        response.getHeaders()
                .set(GrpcStatus.FIELD, Integer.toString(failure.status().code()));
        response.getHeaders().set(GrpcStatus.MESSAGE, failure.encodedMessage());
        return response.setComplete();
    }
}
