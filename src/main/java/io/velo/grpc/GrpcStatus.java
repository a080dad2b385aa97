package io.velo.grpc;

import io.velo.backend.Reason;
import io.velo.http.Problem;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How calls end: gRPC's codes, each with the HTTP status that {@code google.rpc.Code} gives it. */
public enum GrpcStatus {
    OK(0, 200),
    CANCELLED(1, 499),
    UNKNOWN(2, 500),
    INVALID_ARGUMENT(3, 400),
    DEADLINE_EXCEEDED(4, 504),
    NOT_FOUND(5, 404),
    ALREADY_EXISTS(6, 409),
    PERMISSION_DENIED(7, 403),
    RESOURCE_EXHAUSTED(8, 429),
    FAILED_PRECONDITION(9, 400),
    ABORTED(10, 409),
    OUT_OF_RANGE(11, 400),
    UNIMPLEMENTED(12, 501),
    INTERNAL(13, 500),
    UNAVAILABLE(14, 503),
    DATA_LOSS(15, 500),
    UNAUTHENTICATED(16, 401);

    /** Field, in the head or behind the body, that has the code. */
    public static final String FIELD = "grpc-status";

    /** Field beside it that says more, percent-encoded. */
    public static final String MESSAGE = "grpc-message";

    private static final Map<Integer, GrpcStatus> BY_CODE =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(GrpcStatus::code, status -> status));

    private final int code;
    private final int httpStatus;

    GrpcStatus(int code, int httpStatus) {
        this.code = code;
        this.httpStatus = httpStatus;
    }

    /** The number, 0 to 16. */
    public int code() {
        return code;
    }

    /** As what status of HTTP a call that ends so counts: for meters, breakers and retries. */
    public int httpStatus() {
        return httpStatus;
    }

    /** Reads the field's value; what is no code, or a new one, is {@link #UNKNOWN}. */
    public static GrpcStatus parse(String value) {
        boolean known = value.length() == 1 || value.length() == 2;
        for (int i = 0; i < value.length() && known; i++) {
            known = value.charAt(i) >= '0' && value.charAt(i) <= '9';
        }
        return known ? BY_CODE.getOrDefault(Integer.parseInt(value), UNKNOWN) : UNKNOWN;
    }

    /** What a client is told of a failure of Velo's own list. */
    public static GrpcStatus of(Problem problem) {
        if (problem.reason() == Reason.HTTP_RESPONSE_TIMEOUT) {
            return DEADLINE_EXCEEDED;
        }
        if (problem.reason() == Reason.HTTP_PROTOCOL_ERROR) {
            return INTERNAL;
        }
        return switch (problem.status()) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> PERMISSION_DENIED;
            case 404 -> UNIMPLEMENTED; // as a server answers that doesn't know the service
            case 413, 429 -> RESOURCE_EXHAUSTED;
            case 502, 503, 504 -> UNAVAILABLE; // which clients may try again
            default -> INTERNAL;
        };
    }
}
