package io.velo.express;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.limit.Admission;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What there is to be told of one request: to its client, if that may know how it came about, and when it ends to its canary, its
 * limits, the listeners and its record. Everything but the route and the pool is left out where nobody asks.
 */
final class Account {

    private final ExpressLane lane;
    private final Route route;
    private final Pool pool;
    private final @Nullable Placement placement; // none unless the pool has a canary
    private final Optional<Recording> recording;
    private final Tried tried;
    private final long startNanos;
    private final @Nullable Explanation explanation; // none unless the client is to be told
    private @Nullable Admission admission; // none unless the route has limits
    private boolean entered;

    /**
     * @param routed the pool that the route leads to
     * @param recording taken by this lane, if there is one
     */
    Account(ExpressLane lane, Route route, Pool routed, ExpressRequest request, Optional<Recording> recording) {
        this.lane = lane;
        this.route = route;
        Optional<Canary> canary = lane.canaries().of(routed.name());
        this.placement = canary.isEmpty() ? null : canary.get().place(routed, request, lane.pools());
        this.pool = placement == null ? routed : placement.pool();
        this.recording = recording;
        this.tried = new Tried(recording.flatMap(Recording::trace).map(trace -> trace.on(Lane.EXPRESS)));
        this.startNanos = lane.nanos().getAsLong();
        this.explanation = lane.explain().off() ? null : explanationFor(request, lane, route);
    }

    private static @Nullable Explanation explanationFor(ExpressRequest of, ExpressLane lane, Route by) {
        return lane.explain().admits(of.takeExplainToken())
                ? new Explanation(Lane.EXPRESS, by.id(), lane.nanos())
                : null;
    }

    Route route() {
        return route;
    }

    /** The pool whose backends get it: the route's, or the canary's. */
    Pool pool() {
        return pool;
    }

    /** The backends that it has had. */
    Tried tried() {
        return tried;
    }

    /** Since it has come. */
    long elapsedNanos() {
        return lane.nanos().getAsLong() - startNanos;
    }

    /** What the limits have said of it, to be ended with it. */
    void hold(Admission said) {
        admission = said;
    }

    /** It was let to the pool; otherwise pool and canary have nothing to do with it. */
    void enter() {
        entered = true;
    }

    /** This is the next backend, or why there is none. */
    void picked(Pick pick) {
        if (explanation == null) {
            return;
        }
        if (pick instanceof Lease taken) {
            explanation.picked(pool, taken.backend());
        } else if (pick instanceof Pick.None none && tried.backends().isEmpty()) {
            explanation.failed(none.reason());
        }
    }

    /** It goes out to the backend. */
    void connected() {
        if (explanation != null) {
            explanation.connected();
        }
    }

    /** It has come to nothing on the backend. */
    void failed(Reason why) {
        if (explanation != null) {
            explanation.failed(why);
        }
    }

    /** It was answered so, but another backend is asked. */
    void answeredInVain(int status) {
        if (explanation != null) {
            explanation.answeredInVain(status);
        }
    }

    /** Lets the answer tell how it came about, if its client may know, and how much of its limits the client has left. */
    void explain(HttpHeaders answer) {
        if (explanation != null) {
            answer.set(Explanation.FIELD, explanation.told());
            answer.add(Explanation.SERVER_TIMING, explanation.timing());
        }
        if (admission != null) {
            admission.tell(answer::set);
        }
    }

    /** Has the client remember where it belongs, if it needs to. */
    void giveCookie(HttpHeaders answer) {
        if (placement != null && entered) {
            placement.cookie().ifPresent(cookie -> answer.add(HttpHeaderNames.SET_COOKIE, cookie));
        }
    }

    /** It has ended with a whole answer that counts as one of this status. */
    void answered(int status) {
        ended(new Outcome.Answered(status, 0, 0).kind(), Optional.empty());
    }

    /** It has ended without one. */
    void gaveUp(Reason why) {
        ended(why == Reason.CLIENT_ABORTED ? Outcome.Kind.ABORTED : Outcome.Kind.FAILED, Optional.of(why));
    }

    private void ended(Outcome.Kind kind, Optional<Reason> why) {
        String inPool = entered ? pool.name() : RequestEnd.NONE;
        RequestEnd end = new RequestEnd(route.id(), inPool, Lane.EXPRESS, kind, why, elapsedNanos());
        if (placement != null && entered) {
            placement.ended(end.kindForPool());
        }
        if (admission != null) {
            admission.end();
        }
        for (RequestListener listener : lane.listeners()) {
            listener.ended(end);
        }
        recording.ifPresent(taken -> taken.ended(end, tried));
    }
}
