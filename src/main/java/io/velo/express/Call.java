package io.velo.express;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.velo.grpc.GrpcAnswer;
import io.velo.grpc.GrpcCall;
import io.velo.grpc.GrpcStatus;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What gRPC has beyond HTTP, for one request of this lane: how long its client waits, and how it really ended. */
final class Call {

    private final Optional<Duration> timeout;
    private @Nullable GrpcAnswer answer;

    private Call(Optional<Duration> timeout) {
        this.timeout = timeout;
    }

    /** The call that a request is; none if it isn't one. */
    static @Nullable Call of(ExpressRequest request) {
        String contentType = request.header("Content-Type").orElse("");
        return GrpcCall.is(contentType)
                ? new Call(GrpcCall.timeout(request.header(GrpcCall.TIMEOUT).orElse("")))
                : null;
    }

    /** Whether its client has said how long it waits, and that is less than this; zero is for ever. */
    boolean waitsLessThan(Duration most) {
        return timeout.isPresent() && (most.isZero() || timeout.get().compareTo(most) < 0);
    }

    /** How long its client waits, who has said so. */
    Duration timeout() {
        return timeout.orElseThrow();
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
        if (come == null || !come.speaksGrpc()) {
            return Optional.empty();
        }
        String status = come.endsWithHead() ? come.callStatus() : trailers.get(GrpcStatus.FIELD, "");
        return Optional.of(GrpcStatus.parse(status));
    }

    /** A deadline that a client has set, and perhaps set too short, says nothing of the backend. */
    boolean blamesNobody(GrpcStatus status) {
        return status == GrpcStatus.DEADLINE_EXCEEDED && timeout.isPresent();
    }
}
