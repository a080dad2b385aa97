package io.velo.gateway;

import io.velo.backend.Reason;
import io.velo.pool.AttemptTracer;
import io.velo.pool.Lease;
import io.velo.pool.Tried;
import io.velo.route.Explanation;
import io.velo.wire.FailureReasons;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one request of this lane on backends, each with its lease, and why they came to nothing, if they did. Its signals
 * come one after another, if not all on one thread; the end may come while a lease is being taken.
 */
final class Attempts {

    private final Tried tried;
    private volatile @Nullable Explanation explanation;
    private volatile @Nullable Lease lease;
    private volatile @Nullable Reason reason;
    private volatile boolean overdue;
    private volatile boolean over;

    /**
     * @param tracer told of each backend, if there is one
     */
    Attempts(Optional<AttemptTracer> tracer) {
        this.tried = new Tried(tracer);
    }

    /** The client is to be told of them. */
    void explainBy(Explanation told) {
        explanation = told;
    }

    /** Takes them down; empty if nobody wants to know. */
    Optional<Explanation> explanation() {
        return Optional.ofNullable(explanation);
    }

    /** The backends that the request has had. */
    Tried tried() {
        return tried;
    }

    /** The hold on the backend that has the request, or had it last. */
    Optional<Lease> lease() {
        return Optional.ofNullable(lease);
    }

    /** Why the request has come to nothing, as far as is known. */
    Optional<Reason> reason() {
        return Optional.ofNullable(reason);
    }

    /** The request is placed anew, if a fallback took over: what went wrong before is the backend's matter, not the request's. */
    void startOver() {
        lease().filter(Lease::answered).ifPresent(Lease::complete);
        lease = null;
        reason = null;
        tried.startOver();
    }

    /** Another backend has the request. */
    void hold(Lease next) {
        tried.add(next);
        take(next);
    }

    /**
     * The second of two backends is ahead.
     *
     * @param failure of the first one, if that has failed
     */
    void lead(Lease next, Optional<Reason> failure) {
        explanation().ifPresent(told -> failure.ifPresent(told::failed));
        take(next);
    }

    private void take(Lease next) {
        reason = null;
        lease = next;
        explanation().ifPresent(told -> told.picked(next.pool(), next.backend()));
        if (over) {
            next.abort(Reason.CLIENT_ABORTED); // the end has come on another thread, and has not seen this one
        }
    }

    /** There is a connection, which may have had to be waited for, and the request is sent. */
    void connected(boolean waited) {
        lease().ifPresent(held -> held.connected(waited));
        explanation().ifPresent(Explanation::connected);
    }

    /** The latest one failed; there may be another. */
    void failed(Throwable failure) {
        if (failure instanceof FailedRequestException told) {
            explanation().ifPresent(each -> each.failed(told.why()));
        }
        note(failure);
    }

    /** It failed: the lease ends, and the backend is blamed if the failure is one that this lane's filters lay on it. */
    void note(Throwable failure) {
        if (failure instanceof FailedRequestException told) {
            giveUp(told.why());
        } else {
            aborted(otherReason(failure));
        }
    }

    /** Velo's filters tell what the backend did, so what else goes wrong with a lease goes wrong with the client. */
    private Reason otherReason(Throwable failure) {
        if (lease == null) {
            return FailureReasons.ofOtherFilter(failure);
        }
        return ClientGone.is(failure) ? Reason.CLIENT_ABORTED : Reason.PROXY_INTERNAL_ERROR;
    }

    /** The latest one comes to nothing for this reason. */
    void giveUp(Reason why) {
        if (!overdue) {
            reason = why;
            lease().ifPresent(held -> held.giveUp(why));
        }
    }

    /** The latest one ends for a cause that isn't the backend's. */
    void aborted(Reason why) {
        if (!overdue) {
            reason = why;
            lease().ifPresent(held -> held.abort(why));
        }
    }

    /**
     * The time of the request is over; that stays the reason, whatever being cut short looks like.
     *
     * @param clients whether the client has set that time, so that it says nothing of the backend
     */
    void overdue(boolean clients) {
        overdue = true;
        reason = Reason.HTTP_RESPONSE_TIMEOUT;
        lease().ifPresent(held -> held.overdue(clients));
    }

    /** The answer has got to the client, unless some filter has answered before the backend was asked. */
    void complete() {
        lease().filter(Lease::answered).ifPresent(Lease::complete);
        lease().ifPresent(held -> held.abort(Reason.CLIENT_ABORTED));
    }

    /** The request has ended: no lease outlasts it. */
    void end() {
        over = true;
        lease().ifPresent(held -> held.abort(Reason.CLIENT_ABORTED)); // one that took the lead a moment ago
    }
}
