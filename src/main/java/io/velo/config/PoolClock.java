package io.velo.config;

import io.velo.pool.Pool;
import io.velo.pool.Pools;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** Has each pool look at the clock, each second: for slow starts and drains. */
final class PoolClock implements SmartLifecycle {

    private static final Duration TICK = Duration.ofSeconds(1);

    private final Pools pools;
    private final Scheduler timers;
    private volatile Disposable ticking = Disposables.disposed();

    PoolClock(Pools pools, Scheduler timers) {
        this.pools = pools;
        this.timers = timers;
    }

    @Override
    public void start() {
        ticking = Flux.interval(TICK, timers).onBackpressureDrop().subscribe(tick -> tick());
    }

    private void tick() {
        pools.all().forEach(Pool::tick);
        pools.leaving().forEach(Pool::tick);
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
