package io.velo.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Time that stands still until a test moves it. Nano time, wall time and timers agree. */
public final class FakeClock implements InstantSource {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** Nano time may begin anywhere; here it runs over the end of a long within the first second. */
    private static final long START_NANOS = Long.MAX_VALUE - 500_000_000L;

    private final VirtualTimeScheduler timers = VirtualTimeScheduler.create();

    /** Moves time on and runs what becomes due. */
    public void advance(Duration time) {
        timers.advanceTimeBy(time);
    }

    /** Monotonic time. */
    public long nanos() {
        return START_NANOS + timers.now(TimeUnit.NANOSECONDS);
    }

    /** Timers that fire as this clock moves. */
    public Scheduler timers() {
        return timers;
    }

    @Override
    public Instant instant() {
        return START.plusNanos(timers.now(TimeUnit.NANOSECONDS));
    }
}
