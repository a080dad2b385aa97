package io.velo.express;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.velo.backend.Backend;
import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.pool.Canary;
import io.velo.pool.Lease;
import io.velo.pool.Pick;
import io.velo.pool.Placement;
import io.velo.pool.Pool;
import io.velo.pool.Tried;
import io.velo.route.Explanation;
import io.velo.route.Lane;
import io.velo.route.RequestEnd;
import io.velo.route.RequestListener;
import io.velo.route.Route;
import io.velo.wire.Recording;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The attempts of one request on backends, each with its lease, and how the request as a whole ended. */
final class Attempts {

    private final ExpressLane lane;
    private final Route route;
    private final Pool pool;
    private final ExpressRequest request;
    private final long startNanos;
    private final Optional<Recording> recording;
    private final @Nullable Placement placement; // none unless the pool has a canary
    private final Tried tried;
    private final @Nullable Explanation explanation; // none unless the client is to be told
    private @Nullable Lease lease;
    private int status;

    /**
     * @param routed the pool that the route leads to
     * @param recording taken by this lane, if there is one
     */
    Attempts(ExpressLane lane, Route route, Pool routed, ExpressRequest request, Optional<Recording> recording) {
        this.lane = lane;
        this.route = route;
        Optional<Canary> canary = lane.canaries().of(routed.name());
        this.placement = canary.isEmpty() ? null : canary.get().place(routed, request, lane.pools());
        this.pool = placement == null ? routed : placement.pool();
        this.request = request;
        this.recording = recording;
        this.tried = new Tried(recording.flatMap(Recording::trace).map(trace -> trace.on(Lane.EXPRESS)));
        this.startNanos = lane.nanos().getAsLong();
        this.explanation = lane.explain().off() ? null : explanationFor(request, route);
    }

    private @Nullable Explanation explanationFor(ExpressRequest of, Route by) {
        return lane.explain().admits(of.takeExplainToken())
                ? new Explanation(Lane.EXPRESS, by.id(), lane.nanos())
                : null;
    }

    /** There is a connection, which may have had to be waited for, and the request goes out on it. */
    void connected(boolean waited) {
        held().connected(waited);
        if (explanation != null) {
            explanation.connected();
        }
    }

    /** Tells the backend to which trace the request belongs, if it does to any. */
    HttpRequest traced(HttpRequest head) {
        Lease held = held();
        if (held.traced()) {
            held.sent(head.headers()::set);
        }
        return head;
    }

    /** Lets the answer tell how it came about, if its client may know. */
    void explain(HttpHeaders answer) {
        if (explanation != null) {
            answer.set(Explanation.FIELD, explanation.told());
            answer.add(Explanation.SERVER_TIMING, explanation.timing());
        }
    }

    /** Has the client remember where it belongs, if it needs to. */
    void giveCookie(HttpHeaders answer) {
        if (placement != null) {
            placement.cookie().ifPresent(cookie -> answer.add(HttpHeaderNames.SET_COOKIE, cookie));
        }
    }

    Route route() {
        return route;
    }

    /** Holds the next backend, if there is one. */
    Pick next() {
        Pick pick = pool.acquire(request, tried.backends());
        if (pick instanceof Lease taken) {
            tried.add(taken);
            taken.aimedAt(request.upstreamTarget());
            lease = taken;
        }
        if (explanation != null) {
            explain(explanation, pick);
        }
        return pick;
    }

    private void explain(Explanation to, Pick pick) {
        if (pick instanceof Lease taken) {
            to.picked(pool, taken.backend());
        } else if (pick instanceof Pick.None none && tried.backends().isEmpty()) {
            to.failed(none.reason());
        }
    }

    /** Holds another backend after a failure, if that may be and there is one. */
    boolean another(Reason why) {
        if (!tried.mayTryAnother(why) || !(next() instanceof Lease)) {
            return false;
        }
        for (RequestListener listener : lane.listeners()) {
            listener.retried(pool.name());
        }
        return true;
    }

    /** The backend that is held. */
    Backend backend() {
        return held().backend();
    }

    /** The head of the answer has arrived. */
    void answered(int answerStatus) {
        status = answerStatus;
        held().headArrived(answerStatus);
    }

    boolean answered() {
        return status != 0;
    }

    /** The lease ends; the backend is blamed if the reason speaks against it. */
    void failed(Reason why) {
        Lease held = lease;
        if (explanation != null && held != null) {
            explanation.failed(why);
        }
        if (held != null && why.blamesBackend()) {
            held.fail(why);
        } else if (held != null) {
            held.abort(why);
        }
    }

    /** The time of the whole request is over. Only a backend that hasn't begun to answer is to blame. */
    void overdue() {
        Lease held = lease;
        if (held != null && answered()) {
            held.abort(Reason.HTTP_RESPONSE_TIMEOUT);
        } else {
            failed(Reason.HTTP_RESPONSE_TIMEOUT);
        }
    }

    /** The request has ended with the backend's whole answer. */
    void complete() {
        held().complete();
        tell(new Outcome.Answered(status, 0, 0).kind(), Optional.empty());
    }

    /** A session that the request switched to is over; either end may say so. */
    void sessionOver() {
        if (!held().ended()) {
            complete();
        }
    }

    /** The request has ended without one. */
    void gaveUp(Reason why) {
        tell(why == Reason.CLIENT_ABORTED ? Outcome.Kind.ABORTED : Outcome.Kind.FAILED, Optional.of(why));
    }

    private void tell(Outcome.Kind kind, Optional<Reason> why) {
        long nanos = lane.nanos().getAsLong() - startNanos;
        if (placement != null) {
            placement.ended(kind);
        }
        RequestEnd end = new RequestEnd(route.id(), pool.name(), Lane.EXPRESS, kind, why, nanos);
        for (RequestListener listener : lane.listeners()) {
            listener.ended(end);
        }
        recording.ifPresent(taken -> taken.ended(end, tried));
    }

    private Lease held() {
        return Objects.requireNonNull(lease, "no backend is held");
    }
}
