package io.velo.pool;

import io.velo.backend.Backend;
import io.velo.backend.Feedback;
import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request's hold on one backend. It ends exactly once, by whichever of {@link #complete}, {@link #fail} and
 * {@link #abort} comes first, and it ends when the body has ended, not when the head has arrived. Thread-safe.
 */
public final class Lease implements Pick {

    private final Pool pool;
    private final Backend backend;
    private final long permit;
    private final long startNanos;
    private final Feedback feedback;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile int status;
    private volatile long firstByteNanos;
    private Affinity binding = Affinity.OFF;
    private long connectNanos = -1; // by whom it is held, who is also the one that looks at it
    private @Nullable AttemptTrace trace;

    Lease(Pool pool, Backend backend, long permit, long startNanos) {
        this.pool = pool;
        this.backend = backend;
        this.permit = permit;
        this.startNanos = startNanos;
        this.feedback = backend.feedback();
        feedback.began();
    }

    /** The pool that the backend was picked from. */
    public Pool pool() {
        return pool;
    }

    /** The backend held. */
    public Backend backend() {
        return backend;
    }

    void traceBy(AttemptTrace by) {
        trace = by;
    }

    /** Whether somebody follows it, who wants to be told what it is {@link #aimedAt} and when it is {@link #sent}. */
    public boolean traced() {
        return trace != null;
    }

    /** Tells who follows it path and query as the backend gets them. */
    public void aimedAt(String target) {
        AttemptTrace following = trace;
        if (following != null) {
            following.aimedAt(target);
        }
    }

    /**
     * Tells who follows it that the request goes out.
     *
     * @param fields takes name and value of what the backend has to know
     */
    public void sent(BiConsumer<String, String> fields) {
        AttemptTrace following = trace;
        if (following != null) {
            following.sent(fields);
        }
    }

    /**
     * Notes that there is a connection to the backend.
     *
     * @param waited whether it had to be waited for
     */
    public void connected(boolean waited) {
        connectNanos = waited ? elapsedNanos() : 0;
    }

    /** Nanoseconds from the choice of the backend to its connection: 0 if one was free, -1 as long as there is none. */
    public long connectNanos() {
        return connectNanos;
    }

    /** For the pool: the client is to come back to this backend. */
    void bindBy(Affinity affinity) {
        binding = affinity;
    }

    /** Whether the client is to be given a cookie that brings it back. */
    public boolean binds() {
        return binding.on();
    }

    /**
     * That cookie, the value of {@code Set-Cookie}.
     *
     * @param byTls whether the client has come by TLS
     */
    public String cookie(boolean byTls) {
        return binding.cookie(backend, byTls);
    }

    /** Notes that the head of the answer has arrived. */
    public void headArrived(int answerStatus) {
        long nanos = elapsedNanos();
        firstByteNanos = nanos;
        status = answerStatus;
        feedback.answered(answerStatus, nanos);
    }

    /** Notes that an answer counts as one of this status, whatever its head said. */
    public void turnedOut(int finalStatus) {
        status = finalStatus;
    }

    /** Whether the head of the answer has arrived. */
    public boolean answered() {
        return status != 0;
    }

    /** Ends it: the whole answer was passed on. */
    public void complete() {
        end(new Outcome.Answered(status, elapsedNanos(), firstByteNanos));
    }

    /** Ends it: the backend failed. */
    public void fail(Reason reason) {
        end(new Outcome.Failed(reason, elapsedNanos()));
    }

    /** Ends it for a cause that is not the backend's. */
    public void abort(Reason reason) {
        end(new Outcome.Aborted(reason, elapsedNanos()));
    }

    /** Ends it without a whole answer: the backend has failed if the reason speaks against it, and is not to blame otherwise. */
    public void giveUp(Reason why) {
        if (why.blamesBackend()) {
            fail(why);
        } else {
            abort(why);
        }
    }

    /**
     * Ends it because the time of the whole request is over: only a backend that hasn't even begun to answer is to blame.
     *
     * @param clients whether the client has set that time, so that it says nothing of the backend
     */
    public void overdue(boolean clients) {
        if (clients || answered()) {
            abort(Reason.HTTP_RESPONSE_TIMEOUT);
        } else {
            fail(Reason.HTTP_RESPONSE_TIMEOUT);
        }
    }

    /** Whether it has ended. */
    public boolean ended() {
        return ended.get();
    }

    private long elapsedNanos() {
        return pool.nanoTime() - startNanos;
    }

    private void end(Outcome outcome) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        feedback.ended(outcome);
        pool.ended(backend, permit, outcome);
        AttemptTrace following = trace;
        if (following != null) {
            following.ended(outcome, status);
        }
    }
}
