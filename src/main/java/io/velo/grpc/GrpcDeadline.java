package io.velo.grpc;

import java.time.Duration;
import java.util.Optional;

/**
 * How long the client of a call waits, if it says so.
 *
 * @param asked empty if it doesn't
 */
public record GrpcDeadline(Optional<Duration> asked) {

    /** Zero stands for no bound elsewhere, but whose time is over already has waited long enough. */
    private static final Duration SHORTEST = Duration.ofNanos(1);

    /** Of a client that says nothing. */
    public static final GrpcDeadline NONE = new GrpcDeadline(Optional.empty());

    /**
     * As a client says it.
     *
     * @param timeout the value of {@link GrpcCall#TIMEOUT}, empty if there is none
     */
    public static GrpcDeadline of(String timeout) {
        return timeout.isEmpty()
                ? NONE
                : new GrpcDeadline(GrpcCall.timeout(timeout).map(time -> time.isZero() ? SHORTEST : time));
    }

    /** Whether it comes before a bound of Velo's own; zero is none. */
    public boolean before(Duration own) {
        return asked.isPresent() && (own.isZero() || asked.get().compareTo(own) < 0);
    }

    /** The shorter one of it and a bound of Velo's own; zero for none. */
    public Duration or(Duration own) {
        return before(own) ? asked.orElseThrow() : own;
    }

    /** Whether an end like this says nothing of the backend: a deadline that a client has set, and perhaps set too short. */
    public boolean excuses(GrpcStatus end) {
        return end == GrpcStatus.DEADLINE_EXCEEDED && asked.isPresent();
    }
}
