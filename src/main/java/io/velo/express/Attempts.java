package io.velo.express;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.velo.access.Verdict;
import io.velo.backend.Backend;
import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.grpc.GrpcStatus;
import io.velo.http.RetryAfter;
import io.velo.limit.Admission;
import io.velo.limit.Overload;
import io.velo.pool.Canary;
import io.velo.pool.Lease;
import io.velo.pool.Line;
import io.velo.pool.Pick;
import io.velo.pool.Placement;
import io.velo.pool.Pool;
import io.velo.pool.Race;
import io.velo.pool.Retries;
import io.velo.pool.Retry;
import io.velo.pool.Setback;
import io.velo.pool.Tried;
import io.velo.route.Explanation;
import io.velo.route.Lane;
import io.velo.route.RequestEnd;
import io.velo.route.RequestListener;
import io.velo.route.Route;
import io.velo.route.RouteTerms;
import io.velo.websocket.SessionTerms;
import io.velo.wire.Recording;
import io.velo.wire.UpstreamSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The attempts of one request on backends, each with its lease, and how the request as a whole ended. */
final class Attempts {

    private final ExpressLane lane;
    private final Route route;
    private final Pool pool;
    private final UpstreamSettings settings;
    private final ExpressRequest request;
    private final long startNanos;
    private final Optional<Recording> recording;
    private final @Nullable Placement placement; // none unless the pool has a canary
    private final Tried tried;
    private final boolean shared; // its backends may be spoken to by HTTP/2
    private final @Nullable Call call; // none unless it is one of gRPC to a pool that may take such
    private final @Nullable Explanation explanation; // none unless the client is to be told
    private @Nullable Lease lease;
    private @Nullable Admission admission; // none unless the route has limits
    private boolean admitted; // it was let to the pool; otherwise pool and canary had nothing to do with it
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
        this.settings = lane.connections().settings(pool.name());
        this.request = request;
        this.shared = settings.mayShare(pool);
        this.call = shared ? Call.of(request) : null;
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

    /** Whether the request has to go, because there is too much to do. */
    boolean shed() {
        Overload overload = lane.overload();
        return overload.pressure() > 0 && overload.sheds(routeTerms().priority(), request.fromTrusted(), request);
    }

    /** Whether anybody asks who may pass. */
    boolean guarded() {
        return !lane.guard().off();
    }

    /** Whether the request may pass, or when that will be known. */
    Verdict judge() {
        return lane.guard().judge(request, route.id());
    }

    /** What holds for the requests of the route. */
    RouteTerms routeTerms() {
        return lane.terms().of(route.id());
    }

    /** Whether the route has limits. */
    boolean limited() {
        return lane.limits().concern(route.id());
    }

    /** Asks the route's limits whether the request may pass; the answer may come at once, or on another thread. */
    void askLimits(Consumer<Admission> decided) {
        lane.limits().decide(route.id(), request, decided);
    }

    /** What the limits have said of it, to be ended with it. */
    void hold(Admission said) {
        admission = said;
    }

    /** Lets the answer tell how much of its limits the client has left. */
    void tellLimits(HttpHeaders answer) {
        if (admission != null) {
            admission.tell(answer::set);
        }
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
        return traced(head, held());
    }

    /** The same for a backend that is asked beside another one. */
    static HttpRequest traced(HttpRequest head, Lease attempt) {
        if (attempt.traced()) {
            attempt.sent(head.headers()::set);
        }
        return head;
    }

    /** Gives the client the cookie that brings it back to this backend, if it is to have one. */
    void bind(HttpHeaders answer) {
        Lease held = held();
        if (held.binds()) {
            answer.add(HttpHeaderNames.SET_COOKIE, held.cookie(request.byTls()));
        }
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
        if (placement != null && admitted) {
            placement.cookie().ifPresent(cookie -> answer.add(HttpHeaderNames.SET_COOKIE, cookie));
        }
    }

    Route route() {
        return route;
    }

    /** How requests go to the backends of its pool. */
    UpstreamSettings settings() {
        return settings;
    }

    /** How long all of it may take; zero for no bound. */
    Duration timeout() {
        Duration most = settings.requestTimeout();
        return call == null ? most : call.deadline().or(most);
    }

    /** Holds the next backend, if there is one. */
    Pick next() {
        admitted = true;
        Pick pick = pool.acquire(request, tried.backends());
        if (pick instanceof Lease taken) {
            hold(taken);
        }
        if (explanation != null) {
            explain(explanation, pick);
        }
        return pick;
    }

    private void hold(Lease taken) {
        tried.add(taken);
        taken.aimedAt(request.upstreamTarget());
        lease = taken;
    }

    /**
     * Waits in the pool's line for a backend with room.
     *
     * @param served given the hold on it, on any thread
     */
    Optional<Line.Place> queue(Consumer<Lease> served) {
        return pool.line().join(request, settings.queue(), served);
    }

    /** It is this request's turn. */
    void served(Lease taken) {
        hold(taken);
        if (explanation != null) {
            explain(explanation, taken);
        }
    }

    private void explain(Explanation to, Pick pick) {
        if (pick instanceof Lease taken) {
            to.picked(pool, taken.backend());
        } else if (pick instanceof Pick.None none && tried.backends().isEmpty()) {
            to.failed(none.reason());
        }
    }

    /** How much of the request's body should be kept for another attempt, in bytes. */
    long replayLimit() {
        return pool.retries().replayLimit(request, shared);
    }

    /**
     * Whether another attempt may follow one that has failed.
     *
     * @param replayable whether the body, if there is one, can be sent again
     */
    Retry again(Reason why, boolean replayable) {
        return lane.chances().after(why, pool, setback(replayable));
    }

    /** The same for one that was answered with this head. */
    Retry again(HttpResponse head, boolean replayable) {
        if (!pool.retries().concerns(status)) {
            return Retry.NONE;
        }
        return lane.chances().after(head.headers().get(RetryAfter.FIELD, ""), pool, setback(replayable));
    }

    private Setback setback(boolean replayable) {
        long elapsed = lane.nanos().getAsLong() - startNanos;
        return Setback.within(settings.requestTimeout(), elapsed, request, tried, replayable);
    }

    /** Holds another backend instead, if there is one; otherwise everything stays as it is. */
    boolean another() {
        Lease before = held();
        if (explanation != null && answered()) {
            explanation.answeredInVain(status);
        }
        if (!(next() instanceof Lease)) {
            return false;
        }
        before.complete(); // unless it had failed
        status = 0;
        lane.chances().taken(pool);
        return true;
    }

    /** After what time a second backend may be asked beside the first one; 0 for never. */
    long hedgeNanos() {
        Retries retries = pool.retries();
        return retries.hedge() && request.bodyless() && !request.webSocket() ? retries.hedgeNanos(request) : 0;
    }

    /** Holds a second backend beside the first one, if that may be and there is one. */
    Optional<Race> beside() {
        Optional<Race> race = lane.chances().beside(held(), setback(true));
        race.ifPresent(open -> open.second().aimedAt(request.upstreamTarget()));
        return race;
    }

    /**
     * The second one takes the lead.
     *
     * @param failure of the first one, if that has failed
     */
    void overtaken(Lease by, Optional<Reason> failure) {
        lease = by;
        if (explanation != null) {
            failure.ifPresent(explanation::failed);
            explanation.picked(pool, by.backend());
        }
    }

    /** The backend that is held. */
    Backend backend() {
        return held().backend();
    }

    /** The head of the answer has arrived. */
    void answered(HttpResponse head) {
        status = call == null ? head.status().code() : call.answered(head);
        held().headArrived(status);
    }

    /** The answer is whole, and what stands behind its body may say more than its head. */
    void turnsOut(HttpHeaders trailers) {
        if (call != null) {
            call.ended(trailers).ifPresent(end -> turnsOut(end, call));
        }
    }

    private void turnsOut(GrpcStatus end, Call of) {
        status = end.httpStatus();
        held().turnedOut(status);
        if (of.deadline().excuses(end)) {
            held().abort(Reason.HTTP_RESPONSE_TIMEOUT);
        }
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
        if (held != null) {
            held.giveUp(why);
        }
    }

    /** The time of the whole request is over. */
    void overdue() {
        Lease held = lease;
        boolean clients = call != null && call.deadline().before(settings.requestTimeout());
        if (explanation != null && held != null && !clients && !answered()) {
            explanation.failed(Reason.HTTP_RESPONSE_TIMEOUT);
        }
        if (held != null) {
            held.overdue(clients);
        }
    }

    /** The request has ended with the backend's whole answer. */
    void complete() {
        held().complete();
        tell(new Outcome.Answered(status, 0, 0).kind(), Optional.empty());
    }

    /** What holds for the session that the request has become; with its end the request ends. */
    SessionTerms terms() {
        return new SessionTerms(backend(), settings.webSocketIdle(), this::complete);
    }

    /** The request has ended without one. */
    void gaveUp(Reason why) {
        tell(why == Reason.CLIENT_ABORTED ? Outcome.Kind.ABORTED : Outcome.Kind.FAILED, Optional.of(why));
    }

    private void tell(Outcome.Kind kind, Optional<Reason> why) {
        long nanos = lane.nanos().getAsLong() - startNanos;
        RequestEnd end =
                new RequestEnd(route.id(), admitted ? pool.name() : RequestEnd.NONE, Lane.EXPRESS, kind, why, nanos);
        if (placement != null && admitted) {
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

    private Lease held() {
        return Objects.requireNonNull(lease, "no backend is held");
    }
}
