package io.velo.backend;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Why a backend is in its state: all that bears on it, read at one moment. Immutable.
 *
 * @param backend id of the backend
 * @param cause what brought the state about
 * @param since when it was entered, wall-clock
 * @param probe how the latest probe ended
 * @param circuit where its breaker stands
 * @param figures what the breaker has counted
 * @param ejection the latest ejection, until it is readmitted
 */
public record Why(
        String backend,
        BackendState state,
        String cause,
        Instant since,
        Optional<ProbeResult> probe,
        Circuit circuit,
        Counted.Figures figures,
        Optional<Breaker.Ejection> ejection) {

    /** As it is now. */
    public static Why of(Backend backend) {
        Standing standing = backend.standing();
        return new Why(
                backend.id(),
                standing.state(),
                standing.cause(),
                standing.since(),
                backend.lastProbe(),
                standing.condition().circuit(),
                backend.breaker().figures(),
                backend.lastEjection());
    }

    /**
     * For people: {@code b1 is down since 2026-01-01T12:00:00Z: probe missed: status 500. The latest probe, at
     * 2026-01-01T12:00:05Z, missed in 3 ms: status 500. Its breaker is closed after 1 of 3 failures in a row.}
     */
    public String sentence() {
        return backend + " is " + state.word() + " since " + seconds(since) + ": " + cause + "." + aboutProbe()
                + aboutBreaker() + aboutEjection();
    }

    private String aboutProbe() {
        return probe.map(latest -> " The latest probe, at " + seconds(latest.at()) + ", "
                        + (latest.passed() ? "passed" : "missed") + " in "
                        + latest.latency().toMillis() + " ms: " + latest.detail() + ".")
                .orElse(" It has not been probed.");
    }

    private String aboutBreaker() {
        if (figures.threshold() == 0) {
            return " It has no breaker.";
        }
        return " Its breaker is " + circuit.words() + " after " + figures.failuresInARow() + " of "
                + figures.threshold() + " failures in a row.";
    }

    private String aboutEjection() {
        return ejection.map(latest -> " Ejected for " + TimeInWords.of(latest.time()) + ", the "
                        + Ordinal.of(latest.inARow()) + " time in a row: " + latest.cause() + ".")
                .orElse("");
    }

    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}
