package io.velo.pool;

import io.velo.backend.Reason;
import io.velo.http.RetryAfter;
import io.velo.strategy.Candidate;
import io.velo.strategy.RequestView;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * Decides for one pool whether and when a request goes to another backend. A request that has reached nobody may at once,
 * whatever it is, and costs nothing of the budget, since no backend has had work by it; one that may have been worked on has to
 * be one that can be repeated (RFC 9110 section 9.2.2), waits a little, and is charged. Thread-safe.
 */
public final class Retries {

    /** Who asks for a longer wait than this gets none: a client had better be told. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");
    private static final Set<String> HEDGED = Set.of("GET", "HEAD");
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final int MOST_DOUBLINGS = 20;

    private final Standings standings;
    private final RetryBudget budget;
    private final IntUnaryOperator randomBelow;

    Retries(Standings standings, IntUnaryOperator randomBelow) {
        this.standings = standings;
        this.budget = new RetryBudget(standings.nanoTime());
        this.randomBelow = randomBelow;
    }

    /** Whether it does no harm to send a request twice: by its method, or because its client says so with a key. */
    public static boolean repeatable(RequestView request) {
        return IDEMPOTENT.contains(request.method())
                || request.header(IDEMPOTENCY_KEY).isPresent();
    }

    /** A request is placed in the pool for the first time. */
    void requested(long nowNanos) {
        budget.requested(nowNanos);
    }

    /**
     * How much of this request's body should be kept, in bytes: 0 if it won't be repeated in any case.
     *
     * @param refusable whether a backend may refuse it unseen, so that it is sent again whatever it is
     */
    public long replayLimit(RequestView request, boolean refusable) {
        RetryPolicy policy = policy();
        boolean mayBe = policy.attempts() > 0 && standings.roster().backends().size() > 1;
        return refusable || (mayBe && repeatable(request)) ? policy.replayLimit() : 0;
    }

    /** After a failure. */
    public Retry after(Reason why, Setback setback) {
        boolean unsent = why.beforeSending() || why == Reason.CONNECTION_LIMIT_REACHED;
        boolean another = unsent || why == Reason.CONNECTION_TERMINATED || why == Reason.HTTP_RESPONSE_TIMEOUT;
        if (!another || !hasChance(setback.tried())) {
            return Retry.NONE;
        }
        if (unsent && setback.replayable()) {
            return Retry.AT_ONCE;
        }
        return charged(setback, pauseNanos(setback.tried()));
    }

    /** Whether any answer may lead to another attempt. */
    public boolean concernAnswers() {
        return !policy().statuses().isEmpty();
    }

    /** Whether an answer of this status may lead to another attempt at all. */
    public boolean concerns(int status) {
        return policy().concerns(status);
    }

    /**
     * After an answer of a status that {@link #concerns} them.
     *
     * @param retryAfter the field's value, empty if it has none
     */
    public Retry after(String retryAfter, Setback setback) {
        if (!hasChance(setback.tried())) {
            return Retry.NONE;
        }
        long asked = RetryAfter.parse(retryAfter, standings.now()).toNanos();
        if (asked > LONGEST_WAIT.toNanos()) {
            return Retry.NONE;
        }
        return charged(setback, Math.max(asked, pauseNanos(setback.tried())));
    }

    /** Whether any request asks a second backend when the first one is slow. */
    public boolean hedge() {
        return !policy().hedgeDelay().isZero();
    }

    /** After what time, in nanoseconds, this request, which has no body, may ask a second backend; 0 for never. */
    public long hedgeNanos(RequestView request) {
        RetryPolicy policy = policy();
        return policy.attempts() > 0 && HEDGED.contains(request.method())
                ? policy.hedgeDelay().toNanos()
                : 0;
    }

    /** Whether it may do so now. It is charged. */
    public boolean mayHedge(Setback slow) {
        RetryPolicy policy = policy();
        return hasChance(slow.tried()) && budget.tryTake(policy.budget(), policy.minRetries(), standings.nanoTime());
    }

    private RetryPolicy policy() {
        return standings.spec().retry();
    }

    private boolean hasChance(Tried tried) {
        int asked = tried.backends().size();
        return asked > 0 && asked <= policy().attempts() && anyBut(tried);
    }

    private boolean anyBut(Tried tried) {
        List<Candidate> candidates = standings.view().snapshot().candidates();
        return candidates.stream().anyMatch(each -> !tried.backends().contains(each.backend()));
    }

    private Retry charged(Setback setback, long pauseNanos) {
        if (!setback.replayable() || !repeatable(setback.request())) {
            return Retry.NOT_REPLAYABLE;
        }
        if (pauseNanos >= setback.restNanos()) {
            return Retry.NONE;
        }
        RetryPolicy policy = policy();
        return budget.tryTake(policy.budget(), policy.minRetries(), standings.nanoTime())
                ? new Retry(Retry.Result.SENT, pauseNanos)
                : Retry.BUDGET_EXHAUSTED;
    }

    /**
     * Exponential back-off with
     * <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">full jitter</a>: anything from nothing
     * to 25, 50, 100 ms and so on.
     */
    private long pauseNanos(Tried tried) {
        RetryPolicy policy = policy();
        int doublings = Math.min(MOST_DOUBLINGS, tried.backends().size() - 1);
        long doubled = (policy.backoff().toNanos() / 1000) << doublings;
        long mostMicros = Math.min(doubled, policy.maxBackoff().toNanos() / 1000);
        return mostMicros <= 0 ? 0 : 1000L * randomBelow.applyAsInt((int) Math.min(Integer.MAX_VALUE, mostMicros));
    }
}
