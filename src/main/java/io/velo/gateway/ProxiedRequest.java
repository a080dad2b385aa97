package io.velo.gateway;

import io.velo.access.Identity;
import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.http.ForwardedFor;
import io.velo.pool.Lease;
import io.velo.pool.Tried;
import io.velo.route.Explanation;
import io.velo.route.Lane;
import io.velo.route.RequestEnd;
import io.velo.route.RequestTrace;
import io.velo.wire.FailureReasons;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** What the filters of this lane know of one request. Its signals come one after another, if not all on one thread. */
final class ProxiedRequest {

    private static final String ATTRIBUTE = ProxiedRequest.class.getName();

    private static final int SWITCHING_PROTOCOLS = 101;

    private final long startNanos;
    private final ForwardedFor forwardedFor;
    private final String route;
    private final Optional<RequestTrace> trace;
    private final Tried tried;
    private volatile String pool = RequestEnd.NONE;
    private volatile @Nullable Explanation explanation;
    private volatile @Nullable Identity identity;
    private volatile @Nullable Lease lease;
    private volatile @Nullable Reason reason;
    private volatile boolean session;
    private volatile boolean tunnel;
    private volatile Runnable whenSessionEnds = () -> {};
    private volatile boolean overdue;
    private volatile int finalStatus; // 0 if the head has told all
    private volatile boolean bodyDue;
    private volatile boolean bodyComplete;
    private volatile Disposable upstream = Disposables.disposed();
    private volatile @Nullable BodyUpload upload;
    private volatile boolean streams;
    private volatile boolean over;

    ProxiedRequest(String route, ForwardedFor forwardedFor, Optional<RequestTrace> trace, long startNanos) {
        this.route = route;
        this.forwardedFor = forwardedFor;
        this.trace = trace;
        this.tried = new Tried(trace.map(following -> following.on(Lane.GATEWAY)));
        this.startNanos = startNanos;
    }

    static Optional<ProxiedRequest> of(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(ATTRIBUTE));
    }

    void attachTo(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }

    /** Its client is to be told how it is handled. */
    void explainBy(Explanation told) {
        explanation = told;
    }

    /** Takes down how it is handled; empty if nobody wants to know. */
    Optional<Explanation> explanation() {
        return Optional.ofNullable(explanation);
    }

    /** Follows it, if anybody does. */
    Optional<RequestTrace> trace() {
        return trace;
    }

    /** There is a connection for it, which may have had to be waited for, and it is sent. */
    void connected(boolean waited) {
        lease().ifPresent(held -> held.connected(waited));
        Explanation told = explanation;
        if (told != null) {
            told.connected();
        }
    }

    /** It is known who sent it. */
    void identify(Identity known) {
        identity = known;
    }

    /** Who sent it, and how that was proven; empty if nobody asked. */
    Optional<String> principal() {
        return Optional.ofNullable(identity).map(Identity::toString);
    }

    ForwardedFor forwardedFor() {
        return forwardedFor;
    }

    /** Starts placing the request in a pool, perhaps for the second time if a fallback sent it here. */
    void enter(String poolName) {
        releaseAnswered();
        pool = poolName;
        tried.startOver();
    }

    /** Name of the pool that it is placed in. */
    String pool() {
        return pool;
    }

    long elapsedNanos(long nowNanos) {
        return nowNanos - startNanos;
    }

    /** What sends its body, made when it is first asked for. */
    BodyUpload upload(Supplier<BodyUpload> made) {
        BodyUpload known = upload;
        if (known == null) {
            known = made.get();
            upload = known;
        }
        return known;
    }

    /** Its body goes to a backend and is kept nowhere. */
    void bodyStreams() {
        streams = true;
    }

    /** Whether what was sent of its body, if anything, can be sent again. */
    boolean replayable() {
        BodyUpload known = upload;
        return !streams && (known == null || known.replayable());
    }

    /** Its body won't be sent again. */
    void keepNoBody() {
        BodyUpload known = upload;
        if (known != null) {
            known.forget();
        }
    }

    private void closeUpload() {
        BodyUpload known = upload;
        if (known != null) {
            upload = null;
            known.close();
        }
    }

    /** The backends that this request has had. */
    Tried tried() {
        return tried;
    }

    /** Another backend has it. */
    void hold(Lease next) {
        tried.add(next);
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

    /**
     * The second of two backends is ahead.
     *
     * @param failure of the first one, if that has failed
     */
    void lead(Lease next, Optional<Reason> failure) {
        explanation().ifPresent(told -> failure.ifPresent(told::failed));
        take(next);
    }

    Optional<Lease> lease() {
        return Optional.ofNullable(lease);
    }

    /** The head of the backend's answer has arrived, on this connection. */
    void headArrived(int status, Disposable connection) {
        upstream = connection;
        lease().ifPresent(held -> held.headArrived(status));
    }

    /** What stands behind the body, or beside it in the head, says more than the status of the head. */
    void turnedOut(int status) {
        finalStatus = status;
        lease().ifPresent(held -> held.turnedOut(status));
    }

    /** The backend's body is being passed on from now on. */
    void bodyDue() {
        bodyDue = true;
    }

    boolean isBodyComplete() {
        return bodyComplete;
    }

    void bodyComplete() {
        bodyComplete = true;
    }

    /** One attempt failed; there may be another. */
    void attemptFailed(Throwable failure) {
        if (failure instanceof FailedRequestException told) {
            explanation().ifPresent(each -> each.failed(told.why()));
        }
        note(failure);
    }

    /** It failed: the lease ends, and the backend is blamed if the failure is one that this lane's filters lay on it. */
    void note(Throwable failure) {
        if (overdue) {
            return;
        }
        Reason why = failure instanceof FailedRequestException told ? told.why() : otherReason(failure);
        reason = why;
        Lease held = lease;
        if (held == null) {
            return;
        }
        if (failure instanceof FailedRequestException) {
            held.giveUp(why);
        } else {
            held.abort(why);
        }
    }

    /** Velo's filters tell what the backend did, so what else goes wrong with a lease goes wrong with the client. */
    private Reason otherReason(Throwable failure) {
        if (lease == null) {
            return FailureReasons.ofOtherFilter(failure);
        }
        return ClientGone.is(failure) ? Reason.CLIENT_ABORTED : Reason.PROXY_INTERNAL_ERROR;
    }

    /**
     * Its time is over; that stays the reason, whatever being cut short looks like.
     *
     * @param clients whether the client has set that time, so that it says nothing of the backend
     */
    void overdue(boolean clients) {
        overdue = true;
        reason = Reason.HTTP_RESPONSE_TIMEOUT;
        lease().ifPresent(held -> held.overdue(clients));
    }

    /** It ends for a cause that isn't the backend's; so does its lease. */
    void aborted(Reason why) {
        if (overdue) {
            return;
        }
        reason = why;
        lease().ifPresent(held -> held.abort(why));
    }

    /** A fallback took over: what went wrong before is the backend's matter, not the request's. */
    private void releaseAnswered() {
        upstream.dispose();
        upstream = Disposables.disposed();
        closeUpload();
        lease().filter(Lease::answered).ifPresent(Lease::complete);
        lease = null;
        reason = null;
        bodyDue = false;
        bodyComplete = false;
        finalStatus = 0;
    }

    /** What to do when a WebSocket session ends, if this becomes one. */
    void whenSessionEnds(Runnable action) {
        whenSessionEnds = action;
    }

    /** The client has switched to a WebSocket session, which outlasts the filter chain. */
    void sessionStarted() {
        session = true;
        lease().filter(held -> !held.answered()).ifPresent(held -> held.headArrived(SWITCHING_PROTOCOLS));
    }

    /** The client's connection is given to a session: nobody else is to write to it. */
    void becomeTunnel() {
        tunnel = true;
        sessionStarted();
    }

    /** Whether the connection is a session's. */
    boolean isTunnel() {
        return tunnel;
    }

    /** Whether a session goes on although the filter chain has come to its end. */
    boolean inSession() {
        return session;
    }

    void sessionFailed(Reason why) {
        if (why.beforeSending()) {
            reason = why;
            lease().ifPresent(held -> held.fail(why));
        }
    }

    void sessionEnded() {
        whenSessionEnds.run();
    }

    /** The filter chain has come to its end; if the body that was due isn't whole, the client has left. */
    RequestEnd completed(int status, long nowNanos) {
        if (bodyDue && !bodyComplete) {
            return cancelled(nowNanos);
        }
        if (session && reason != null) {
            return failed(nowNanos);
        }
        lease().filter(Lease::answered).ifPresent(Lease::complete);
        lease().ifPresent(
                        held -> held.abort(Reason.CLIENT_ABORTED)); // some filter answered before the backend was asked
        return end(kindOf(finalStatus == 0 ? status : finalStatus), nowNanos);
    }

    /** The filter chain has failed, and that was noted. */
    RequestEnd failed(long nowNanos) {
        return end(reason == Reason.CLIENT_ABORTED ? Outcome.Kind.ABORTED : Outcome.Kind.FAILED, nowNanos);
    }

    /** The client left while the filter chain was at work. */
    RequestEnd cancelled(long nowNanos) {
        aborted(Reason.CLIENT_ABORTED);
        return failed(nowNanos);
    }

    private RequestEnd end(Outcome.Kind kind, long nowNanos) {
        over = true;
        lease().ifPresent(held -> held.abort(Reason.CLIENT_ABORTED)); // one that took the lead a moment ago
        closeUpload();
        upstream.dispose(); // if nobody has asked for the body, nobody's leaving closes the connection
        Optional<Reason> why = kind == Outcome.Kind.ABORTED || kind == Outcome.Kind.FAILED
                ? Optional.ofNullable(reason)
                : Optional.empty();
        return new RequestEnd(route, pool, Lane.GATEWAY, kind, why, nowNanos - startNanos);
    }

    private static Outcome.Kind kindOf(int status) {
        return new Outcome.Answered(status, 0, 0).kind();
    }
}
