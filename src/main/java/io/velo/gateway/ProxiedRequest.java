package io.velo.gateway;

import io.velo.access.Identity;
import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.http.ForwardedFor;
import io.velo.pool.Lease;
import io.velo.route.Explanation;
import io.velo.route.Lane;
import io.velo.route.RequestEnd;
import io.velo.route.RequestTrace;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;

/** What the filters of this lane know of one request. Its signals come one after another, if not all on one thread. */
final class ProxiedRequest {

    private static final String ATTRIBUTE = ProxiedRequest.class.getName();

    private static final int SWITCHING_PROTOCOLS = 101;

    private final long startNanos;
    private final ForwardedFor forwardedFor;
    private final String route;
    private final Optional<RequestTrace> trace;
    private final Attempts attempts;
    private final SentBody body = new SentBody();
    private volatile PassedAnswer answer = new PassedAnswer();
    private volatile String pool = RequestEnd.NONE;
    private volatile @Nullable Identity identity;
    private volatile boolean session;
    private volatile boolean tunnel;
    private volatile Runnable whenSessionEnds = () -> {};

    ProxiedRequest(String route, ForwardedFor forwardedFor, Optional<RequestTrace> trace, long startNanos) {
        this.route = route;
        this.forwardedFor = forwardedFor;
        this.trace = trace;
        this.attempts = new Attempts(trace.map(following -> following.on(Lane.GATEWAY)));
        this.startNanos = startNanos;
    }

    static Optional<ProxiedRequest> of(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(ATTRIBUTE));
    }

    void attachTo(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }

    /** Takes down how it is handled; empty if nobody wants to know. */
    Optional<Explanation> explanation() {
        return attempts.explanation();
    }

    /** Follows it, if anybody does. */
    Optional<RequestTrace> trace() {
        return trace;
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
        answer.dispose();
        answer = new PassedAnswer();
        body.close();
        attempts.startOver();
        pool = poolName;
    }

    /** Name of the pool that it is placed in. */
    String pool() {
        return pool;
    }

    long elapsedNanos(long nowNanos) {
        return nowNanos - startNanos;
    }

    /** Its body, as far as backends have had it. */
    SentBody body() {
        return body;
    }

    /** The attempts on backends. */
    Attempts attempts() {
        return attempts;
    }

    /** The hold on the backend that has it, or had it last. */
    Optional<Lease> lease() {
        return attempts.lease();
    }

    /** The answer that it gets from the pool that it is placed in. */
    PassedAnswer answer() {
        return answer;
    }

    /** The head of the backend's answer has arrived, on this connection. */
    void headArrived(int status, Disposable connection) {
        answer.arrivesOn(connection);
        lease().ifPresent(held -> held.headArrived(status));
    }

    /** What stands behind the body, or beside it in the head, says more than the status of the head. */
    void turnedOut(int status) {
        answer.turnedOut(status);
        lease().ifPresent(held -> held.turnedOut(status));
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
            attempts.giveUp(why);
        }
    }

    void sessionEnded() {
        whenSessionEnds.run();
    }

    /** The filter chain has come to its end; if the body that was due isn't whole, the client has left. */
    RequestEnd completed(int status, long nowNanos) {
        if (answer.isCutShort()) {
            return cancelled(nowNanos);
        }
        if (session && attempts.reason().isPresent()) {
            return failed(nowNanos);
        }
        attempts.complete();
        return end(new Outcome.Answered(answer.countsAs(status), 0, 0).kind(), nowNanos);
    }

    /** The filter chain has failed, and that was noted. */
    RequestEnd failed(long nowNanos) {
        boolean left = attempts.reason().filter(Reason.CLIENT_ABORTED::equals).isPresent();
        return end(left ? Outcome.Kind.ABORTED : Outcome.Kind.FAILED, nowNanos);
    }

    /** The client left while the filter chain was at work. */
    RequestEnd cancelled(long nowNanos) {
        attempts.aborted(Reason.CLIENT_ABORTED);
        return failed(nowNanos);
    }

    private RequestEnd end(Outcome.Kind kind, long nowNanos) {
        attempts.end();
        body.close();
        answer.dispose();
        boolean broke = kind == Outcome.Kind.ABORTED || kind == Outcome.Kind.FAILED;
        return new RequestEnd(
                route, pool, Lane.GATEWAY, kind, broke ? attempts.reason() : Optional.empty(), nowNanos - startNanos);
    }
}
