package io.velo.pool;

import java.time.Duration;
import java.util.Set;

/**
 * When a pool lets a request that came to nothing on one backend try another one. Immutable.
 *
 * @param attempts how many further backends one request may have after the first; 0 for none
 * @param statuses answers that are as good as a failure, for requests that may be repeated
 * @param budget largest share of the requests of the last {@value RetryBudget#SECONDS} seconds that may be repeated, 0 to 1
 * @param minRetries so many repetitions a second, on average over the same time, are within the budget in any case
 * @param backoff longest pause before the first repetition of what has reached a backend; doubles with each further one
 * @param maxBackoff how far it may grow
 * @param replayLimit how much of a request's body is kept for a repetition, in bytes
 * @param hedgeDelay when a GET or HEAD asks a second backend beside a first one that hasn't answered; zero for never
 */
public record RetryPolicy(
        int attempts,
        Set<Integer> statuses,
        double budget,
        int minRetries,
        Duration backoff,
        Duration maxBackoff,
        long replayLimit,
        Duration hedgeDelay) {

    /** What a pool does that was told nothing. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(
            1, Set.of(), 0.2, 3, Duration.ofMillis(25), Duration.ofMillis(250), 64 << 10, Duration.ZERO);

    public RetryPolicy {
        statuses = Set.copyOf(statuses);
    }

    /** Whether an answer of this status is as good as a failure. */
    boolean concerns(int status) {
        return !statuses.isEmpty() && statuses.contains(status);
    }
}
