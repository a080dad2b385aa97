package io.velo.express;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.velo.backend.Reason;
import io.velo.http.RetryAfter;
import io.velo.pool.Lease;
import io.velo.pool.Pick;
import io.velo.pool.Pool;
import io.velo.pool.Race;
import io.velo.pool.Retries;
import io.velo.pool.Retry;
import io.velo.pool.Setback;
import io.velo.pool.Tried;
import io.velo.route.SecondChances;
import io.velo.websocket.SessionTerms;
import io.velo.wire.Room;
import io.velo.wire.UpstreamSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The attempts of one request on backends, each with its lease, and whether there is another one. */
final class Attempts {

    private final Account account;
    private final SecondChances chances;
    private final Pool pool;
    private final UpstreamSettings settings;
    private final ExpressRequest request;
    private final boolean shared; // its backends may be spoken to by HTTP/2
    private final @Nullable Call call; // none unless it is one of gRPC to a pool that may take such
    private @Nullable Lease lease;
    private int status;

    Attempts(ExpressLane lane, ExpressRequest request, Account account) {
        this.account = account;
        this.chances = lane.chances();
        this.pool = account.pool();
        this.settings = lane.connections().settings(pool.name());
        this.request = request;
        this.shared = settings.mayShare(pool);
        this.call = shared ? Call.of(request) : null;
    }

    /** Told of all that happens. */
    Account account() {
        return account;
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
        account.enter();
        Pick pick = pool.acquire(request, tried().backends());
        if (pick instanceof Lease taken) {
            hold(taken);
        }
        account.picked(pick);
        return pick;
    }

    private Tried tried() {
        return account.tried();
    }

    private void hold(Lease taken) {
        tried().add(taken);
        taken.aimedAt(request.upstreamTarget());
        lease = taken;
    }

    /** Waits in the pool's line for a backend with room. */
    void await(Room room) {
        room.await(pool.line(), request, settings.queue(), settings.queueTimeout());
    }

    /** It is this request's turn. */
    void served(Lease taken) {
        hold(taken);
        account.picked(taken);
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
        return chances.after(why, pool, setback(replayable));
    }

    /** The same for one that was answered with this head. */
    Retry again(HttpResponse head, boolean replayable) {
        if (!pool.retries().concerns(status)) {
            return Retry.NONE;
        }
        return chances.after(head.headers().get(RetryAfter.FIELD, ""), pool, setback(replayable));
    }

    private Setback setback(boolean replayable) {
        return Setback.within(settings.requestTimeout(), account.elapsedNanos(), request, tried(), replayable);
    }

    /** Holds another backend instead, if there is one; otherwise everything stays as it is. */
    boolean another() {
        Lease before = held();
        if (answered()) {
            account.answeredInVain(status);
        }
        if (!(next() instanceof Lease)) {
            return false;
        }
        before.complete(); // unless it had failed
        status = 0;
        chances.taken(pool);
        return true;
    }

    /** After what time a second backend may be asked beside the first one; 0 for never. */
    long hedgeNanos() {
        Retries retries = pool.retries();
        return retries.hedge() && request.bodyless() && !request.webSocket() ? retries.hedgeNanos(request) : 0;
    }

    /** Holds a second backend beside the first one, if that may be and there is one. */
    Optional<Race> beside() {
        Optional<Race> race = chances.beside(held(), setback(true));
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
        failure.ifPresent(account::failed);
        account.picked(by);
    }

    /** There is a connection, which may have had to be waited for, and the request goes out on it. */
    void connected(boolean waited) {
        held().connected(waited);
        account.connected();
    }

    /** The head of the answer has arrived. */
    void answered(HttpResponse head) {
        status = call == null ? head.status().code() : call.answered(head);
        held().headArrived(status);
    }

    /** The client is told this status, which its request counts as, too, unless it is a call: that has one of its own. */
    void told(int code) {
        status = call == null ? code : status;
    }

    boolean answered() {
        return status != 0;
    }

    /** Gives the client the cookie that brings it back to this backend, if it is to have one. */
    void bind(HttpHeaders answer) {
        Lease held = held();
        if (held.binds()) {
            answer.add(HttpHeaderNames.SET_COOKIE, held.cookie(request.byTls()));
        }
    }

    /** The answer is whole, and what stands behind its body may say more than its head. */
    void turnsOut(HttpHeaders trailers) {
        if (call != null) {
            status = call.ended(trailers, held(), status);
        }
    }

    /** The lease, if there is one, ends; the backend is blamed if the reason speaks against it. */
    void failed(Reason why) {
        Lease held = lease;
        if (held != null) {
            account.failed(why);
            held.giveUp(why);
        }
    }

    /** The time of the whole request is over. */
    void overdue() {
        Lease held = lease;
        if (held == null) {
            return;
        }
        boolean clients = call != null && call.deadline().before(settings.requestTimeout());
        if (!clients && !answered()) {
            account.failed(Reason.HTTP_RESPONSE_TIMEOUT);
        }
        held.overdue(clients);
    }

    /** The request has ended with the backend's whole answer. */
    void complete() {
        held().complete();
        account.answered(status);
    }

    /** What holds for the session that the request has become; with its end the request ends. */
    SessionTerms terms() {
        return new SessionTerms(held().backend(), settings.webSocketIdle(), this::complete);
    }

    /** The hold on the backend that has the request now. */
    Lease held() {
        return Objects.requireNonNull(lease, "no backend is held");
    }
}
