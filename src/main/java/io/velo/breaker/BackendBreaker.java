package io.velo.breaker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.velo.backend.Breaker;
import io.velo.backend.Circuit;
import io.velo.backend.Outcome;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.scheduler.Scheduler;

/**
 * Puts a Resilience4j breaker under its pool's command. Resilience4j counts, judges and hands out trial permits; the
 * position that requests see changes only by {@link #open}, {@link #close} and the timer, and each change starts a new
 * epoch: what was sent in an earlier one no longer counts.
 */
final class BackendBreaker implements Breaker {

    private final Supplier<CircuitSettings> inForce;
    private final Function<CircuitSettings, CircuitBreaker> breakers;
    private final Scheduler timers;
    private final AtomicInteger failuresInARow = new AtomicInteger();
    private volatile CircuitBreaker counting;
    private volatile CircuitSettings settings;
    private volatile Phase phase = new Phase(0, Circuit.CLOSED);
    private int ejectionsInARow; // guarded by the pool's lock

    /**
     * @param inForce the settings of the pool
     * @param breakers makes what counts by such settings
     */
    BackendBreaker(
            Supplier<CircuitSettings> inForce, Function<CircuitSettings, CircuitBreaker> breakers, Scheduler timers) {
        this.inForce = inForce;
        this.breakers = breakers;
        this.timers = timers;
        this.settings = inForce.get();
        this.counting = breakers.apply(settings);
    }

    /** Whether this is what counts for it now. */
    boolean countsBy(CircuitBreaker other) {
        return Objects.equals(counting, other);
    }

    @Override
    public void refresh() {
        CircuitSettings next = inForce.get();
        if (next.equals(settings)) {
            return;
        }
        settings = next;
        counting = breakers.apply(next);
        failuresInARow.set(0);
        if (phase.position == Circuit.HALF_OPEN) {
            letTrialsIn();
        }
        phase = new Phase(
                phase.epoch + 1, phase.position); // what the old one permitted is not for the new one to count
    }

    @Override
    public long tryAcquire() {
        Phase now = phase;
        return switch (now.position) {
            case CLOSED -> now.epoch;
            case OPEN -> REFUSED;
            case HALF_OPEN -> counting.tryAcquirePermission() ? now.epoch : REFUSED;
        };
    }

    @Override
    public Verdict record(long permit, Outcome outcome) {
        Phase now = phase;
        if (permit != now.epoch) {
            return Verdict.STAY;
        }
        if (outcome instanceof Outcome.Aborted) {
            counting.releasePermission();
            return Verdict.STAY;
        }
        count(outcome);
        return judge(now, outcome);
    }

    private void count(Outcome outcome) {
        if (settings.failure(outcome)) {
            failuresInARow.incrementAndGet();
            counting.onError(outcome.nanos(), TimeUnit.NANOSECONDS, new FailedRequest());
        } else {
            if (failuresInARow.get() != 0) {
                failuresInARow.set(0);
            }
            counting.onSuccess(outcome.nanos(), TimeUnit.NANOSECONDS);
        }
    }

    private Verdict judge(Phase now, Outcome outcome) {
        CircuitBreaker.State state = counting.getState();
        if (now.position == Circuit.HALF_OPEN) {
            if (settings.failure(outcome) || state == CircuitBreaker.State.OPEN) {
                return Verdict.TRIP; // one failed trial is enough
            }
            return state == CircuitBreaker.State.CLOSED ? Verdict.RECOVER : Verdict.STAY;
        }
        boolean tooOften = state == CircuitBreaker.State.OPEN || failuresInARow.get() >= settings.failureThreshold();
        return tooOften ? Verdict.TRIP : Verdict.STAY;
    }

    @Override
    public Ejection open(Runnable whenOver) {
        String cause = cause();
        ejectionsInARow++;
        Ejection ejection = new Ejection(ejectionsInARow, settings.ejectionTime(ejectionsInARow), cause);
        phase = new Phase(phase.epoch + 1, Circuit.OPEN);
        timers.schedule(() -> halfOpen(whenOver), ejection.time().toMillis(), TimeUnit.MILLISECONDS);
        return ejection;
    }

    private String cause() {
        int inARow = failuresInARow.get();
        if (phase.position == Circuit.HALF_OPEN) {
            return "trial failed";
        }
        if (inARow >= settings.failureThreshold()) {
            return inARow + " failures in a row";
        }
        CircuitBreaker.Metrics figures = counting.getMetrics();
        return "of " + figures.getNumberOfBufferedCalls() + " requests " + figures.getNumberOfFailedCalls()
                + " failed and " + figures.getNumberOfSlowCalls() + " were slow";
    }

    private void letTrialsIn() {
        counting.reset(); // whatever Resilience4j made of late results of earlier requests
        counting.transitionToOpenState();
        counting.transitionToHalfOpenState();
    }

    private void halfOpen(Runnable whenOver) {
        letTrialsIn();
        phase = new Phase(phase.epoch + 1, Circuit.HALF_OPEN);
        whenOver.run();
    }

    @Override
    public void close() {
        ejectionsInARow = 0;
        failuresInARow.set(0);
        counting.reset();
        phase = new Phase(phase.epoch + 1, Circuit.CLOSED);
    }

    @Override
    public Figures figures() {
        CircuitBreaker.Metrics counted = counting.getMetrics();
        return new Figures(
                failuresInARow.get(),
                settings.failureThreshold(),
                counted.getNumberOfBufferedCalls(),
                counted.getNumberOfFailedCalls(),
                counted.getNumberOfSlowCalls());
    }

    private record Phase(long epoch, Circuit position) {}

    /** Resilience4j wants an exception for a failure; one without a stack trace is enough for all. */
    private static final class FailedRequest extends Exception {
        private static final long serialVersionUID = 1L;

        FailedRequest() {
            super("the request failed", null, false, false);
        }
    }
}
