package io.velo.dashboard;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** Samples while the application runs, and hands each frame to whoever watches. Changes of state don't wait for a sample. */
final class Feed implements SmartLifecycle {

    /** From one sample to the next. */
    static final Duration EVERY = Duration.ofSeconds(2);

    /** What changes within this time makes one frame. */
    private static final Duration SETTLE = Duration.ofMillis(100);

    /** Frames that wait for a slow viewer, beside what the connection takes; it is cut off at the next one. */
    private static final int MOST_BEHIND = 16;

    private final Sampler sampler;
    private final Happenings happenings;
    private final Scheduler timers;
    private final AtomicInteger viewers = new AtomicInteger();
    private final AtomicBoolean due = new AtomicBoolean();
    private final Sinks.Many<Frame> frames = Sinks.many().replay().latest();
    private volatile Optional<Scheduler.Worker> running = Optional.empty();

    Feed(Sampler sampler, Happenings happenings, Scheduler timers) {
        this.sampler = sampler;
        this.happenings = happenings;
        this.timers = timers;
    }

    /**
     * The frame in force, then each new one, without an end. Fails with an overflow once the subscriber has fallen too far
     * behind.
     */
    Flux<Frame> frames() {
        return frames.asFlux()
                .onBackpressureBuffer(MOST_BEHIND)
                .doOnSubscribe(begun -> viewers.incrementAndGet())
                .doFinally(end -> viewers.decrementAndGet());
    }

    /** How many watch. */
    int viewers() {
        return viewers.get();
    }

    @Override
    public void start() {
        Scheduler.Worker worker = timers.createWorker(); // runs one thing at a time
        running = Optional.of(worker);
        worker.schedulePeriodically(this::sample, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        happenings.onChange(() -> changed(worker));
    }

    private void sample() {
        sampler.sample(viewers() > 0);
        publish();
    }

    private void changed(Scheduler.Worker worker) {
        if (due.compareAndSet(false, true)) {
            worker.schedule(this::publishChange, SETTLE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void publishChange() {
        due.set(false);
        publish();
    }

    private void publish() {
        frames.tryEmitNext(sampler.frame());
    }

    @Override
    public void stop() {
        happenings.onChange(() -> {});
        running.ifPresent(Scheduler.Worker::dispose);
        running = Optional.empty();
    }

    @Override
    public boolean isRunning() {
        return running.isPresent();
    }
}
