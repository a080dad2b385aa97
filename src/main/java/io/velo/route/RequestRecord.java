package io.velo.route;

import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.pool.Tried;
import java.time.Instant;
import java.util.Optional;

/**
 * One request of a client from its head to the end of its answer, as an access log tells it. Immutable.
 *
 * @param asked what the client asked for
 * @param answered what it got
 * @param way which way it took
 */
public record RequestRecord(Asked asked, Answered answered, Way way) {

    /** Stands for a time that there is none of. */
    public static final long UNKNOWN = -1;

    /**
     * What a client asked for, as it said it. What isn't known, because the request could not be read, is empty.
     *
     * @param time when the head had come in
     * @param client address of the client, without port
     * @param target with the query
     * @param protocol such as {@code HTTP/1.1}
     * @param referer the field's value
     * @param userAgent the field's value
     * @param traceId of the trace that it belongs to: of {@code traceparent}, or of the one that Velo began
     */
    public record Asked(
            Instant time,
            String client,
            String method,
            String target,
            String protocol,
            String referer,
            String userAgent,
            String traceId) {

        /** The same, in another trace. */
        public Asked in(String otherTrace) {
            return new Asked(time, client, method, target, protocol, referer, userAgent, otherTrace);
        }
    }

    /**
     * What a client got.
     *
     * @param status what was sent; 499 if the client left; what would have been sent if nothing was
     * @param bytesIn content of the request, without head and framing; of a session all its bytes
     * @param bytesOut the same of the answer
     * @param nanos from the arrival of the head to the end of the answer
     * @param firstByteNanos from the arrival of the head to the head of the answer, {@link #UNKNOWN} if there was none
     */
    public record Answered(int status, long bytesIn, long bytesOut, long nanos, long firstByteNanos) {}

    /**
     * Which way a request took.
     *
     * @param route id of the route, empty if there was none
     * @param pool name of the pool, empty if there was none
     * @param backend id of the last backend that was asked, empty if none was
     * @param attempts backends that were asked
     * @param connectNanos from the choice of the last backend to its connection, 0 if one was free, {@link #UNKNOWN} if
     *     there was none to be had
     * @param reason why Velo ended it, if it did
     */
    public record Way(
            Lane lane,
            String route,
            String pool,
            String backend,
            int attempts,
            long connectNanos,
            Optional<Reason> reason) {

        /** Of a request that a lane had in hand. */
        public static Way of(RequestEnd end, Tried tried) {
            Optional<Lease> last = tried.last();
            return new Way(
                    end.lane(),
                    known(end.route()),
                    known(end.pool()),
                    last.map(lease -> lease.backend().id()).orElse(""),
                    tried.attempts(),
                    last.map(Lease::connectNanos).orElse(UNKNOWN),
                    end.reason());
        }

        /** Of a request that no route took. */
        public static Way without(Optional<Reason> reason) {
            return new Way(Lane.GATEWAY, "", "", "", 0, UNKNOWN, reason);
        }

        private static String known(String name) {
            return name.equals(RequestEnd.NONE) ? "" : name;
        }
    }
}
