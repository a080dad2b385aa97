package io.velo.config;

import io.velo.pool.Pool;
import io.velo.pool.Pools;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** Lets the share of warming backends grow, each second. Without slow start it doesn't run. */
final class SlowStartClock implements SmartLifecycle {

    private static final Duration TICK = Duration.ofSeconds(1);

    private final Pools pools;
    private final Scheduler timers;
    private volatile Disposable ticking = Disposables.disposed();

    SlowStartClock(Pools pools, Scheduler timers) {
        this.pools = pools;
        this.timers = timers;
    }

    @Override
    public void start() {
        if (pools.all().stream().anyMatch(pool -> !pool.spec().slowStart().isZero())) {
            ticking = Flux.interval(TICK, timers).onBackpressureDrop().subscribe(tick -> pools.all()
                    .forEach(Pool::tick));
        }
    }

    @Override
    public void stop() {
        ticking.dispose();
    }

    @Override
    public boolean isRunning() {
        return !ticking.isDisposed();
    }
}
