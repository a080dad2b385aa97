package io.velo.breaker;

import io.velo.backend.Outcome;
import java.time.Duration;
import java.util.Set;

/**
 * When backends of one pool are ejected, and for how long.
 *
 * @param failureThreshold failures in a row that eject, at least 1
 * @param timeout length of the first ejection; the n-th in a row lasts n times as long, at most {@link #LONGEST}
 * @param trialRequests requests that are let through at once when the time is over, at least 1
 * @param statuses answers that count as failures, each at least 400
 * @param rate the rule about shares of failed or slow requests
 */
public record CircuitSettings(
        int failureThreshold, Duration timeout, int trialRequests, Set<Integer> statuses, RateRule rate) {

    /** No ejection lasts longer. */
    public static final Duration LONGEST = Duration.ofMinutes(5);

    private static final int LOWEST_STATUS = 400;

    public CircuitSettings {
        statuses = Set.copyOf(statuses);
    }

    /**
     * Ejects a backend when too many of its latest requests failed or were slow.
     *
     * @param window how many of the latest requests count; nothing is judged before as many have ended
     * @param failureRate share that ejects, above 0 and up to 1; 0 turns the rule off
     * @param slowCall requests that take longer count as slow; zero for none
     */
    public record RateRule(int window, double failureRate, Duration slowCall) {
        /** No such rule. */
        public static final RateRule OFF = new RateRule(0, 0, Duration.ZERO);

        boolean on() {
            return failureRate > 0;
        }
    }

    boolean failure(Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered) {
            return answered.status() >= LOWEST_STATUS && statuses.contains(answered.status());
        }
        return outcome instanceof Outcome.Failed;
    }

    Duration ejectionTime(int inARow) {
        Duration time = timeout.multipliedBy(inARow);
        return time.compareTo(LONGEST) > 0 && timeout.compareTo(LONGEST) <= 0 ? LONGEST : time;
    }
}
