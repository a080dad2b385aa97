package io.velo.express;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.velo.backend.Reason;
import io.velo.grpc.GrpcAnswer;
import io.velo.grpc.GrpcCall;
import io.velo.grpc.GrpcDeadline;
import io.velo.grpc.GrpcStatus;
import io.velo.pool.Lease;
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

    /**
     * The answer is whole, and what stands behind its body may say more than its head.
     *
     * @param attempt the hold on the backend that has answered
     * @param status as which the answer counts so far
     * @return as which it counts now
     */
    int ended(HttpHeaders trailers, Lease attempt, int status) {
        GrpcAnswer come = answer;
        Optional<GrpcStatus> end = come == null ? Optional.empty() : come.end(trailers.get(GrpcStatus.FIELD, ""));
        if (end.isEmpty()) {
            return status; // nobody who speaks gRPC has answered
        }
        int turnedOut = end.get().httpStatus();
        attempt.turnedOut(turnedOut);
        if (deadline.excuses(end.get())) {
            attempt.abort(Reason.HTTP_RESPONSE_TIMEOUT);
        }
        return turnedOut;
    }
}
