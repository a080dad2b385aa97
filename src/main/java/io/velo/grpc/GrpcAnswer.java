package io.velo.grpc;

import java.util.Optional;

/**
 * The head of an answer to a call.
 *
 * @param httpStatus its status
 * @param contentType the field's value, empty if it has none
 * @param callStatus the value of {@link GrpcStatus#FIELD}, empty if it has none
 */
public record GrpcAnswer(int httpStatus, String contentType, String callStatus) {

    /** Whether it comes from somebody who speaks gRPC. */
    public boolean speaksGrpc() {
        return httpStatus == 200 && GrpcCall.is(contentType);
    }

    /** Whether the head has what stands behind the body otherwise, so that there is no body (trailers only). */
    public boolean endsWithHead() {
        return !callStatus.isEmpty() && speaksGrpc();
    }

    /** As what status it counts, as far as the head tells: the call's own if the head is also its end. */
    public int countsAs() {
        return endsWithHead() ? GrpcStatus.parse(callStatus).httpStatus() : httpStatus;
    }

    /**
     * How the call has ended; empty if nobody who speaks gRPC has answered.
     *
     * @param behind the value of {@link GrpcStatus#FIELD} behind the body, empty if there was none
     */
    public Optional<GrpcStatus> end(String behind) {
        return speaksGrpc() ? Optional.of(GrpcStatus.parse(endsWithHead() ? callStatus : behind)) : Optional.empty();
    }
}
