package io.velo.express;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.velo.grpc.GrpcAnswer;
import io.velo.grpc.GrpcCall;
import io.velo.grpc.GrpcDeadline;
import io.velo.grpc.GrpcStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What gRPC has beyond HTTP, for one request of this lane: how long its client waits, and how it really ended. */
final class Call {

    private final GrpcDeadline deadline;
    private @Nullable GrpcAnswer answer;

    private Call(GrpcDeadline deadline) {
        this.deadline = deadline;
    }

    /** The call that a request is; none if it isn't one. */
    static @Nullable Call of(ExpressRequest request) {
        String contentType = request.header("Content-Type").orElse("");
        return GrpcCall.is(contentType)
                ? new Call(GrpcDeadline.of(request.header(GrpcCall.TIMEOUT).orElse("")))
                : null;
    }

    /** How long its client waits. */
    GrpcDeadline deadline() {
        return deadline;
    }

    /** The head of an answer has come: as what status it counts so far. */
    int answered(HttpResponse head) {
        GrpcAnswer come = new GrpcAnswer(
                head.status().code(),
                head.headers().get(HttpHeaderNames.CONTENT_TYPE, ""),
                head.headers().get(GrpcStatus.FIELD, ""));
        answer = come;
        return come.countsAs();
    }

    /** How it ended, with that behind the answer; empty if nobody who speaks gRPC has answered. */
    Optional<GrpcStatus> ended(HttpHeaders trailers) {
        GrpcAnswer come = answer;
        return come == null ? Optional.empty() : come.end(trailers.get(GrpcStatus.FIELD, ""));
    }
}
