package io.velo.overload;

import io.velo.limit.Overload;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** Looks at the process ten times a second while it runs, and tells in the log when requests begin to be turned away. */
final class ProcessWatch implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ProcessWatch.class);

    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final Overload overload;
    private final List<LoopLag> loops;
    private final DoubleSupplier memory;
    private final Scheduler timers;
    private final boolean wanted;
    private @Nullable Disposable running;

    /**
     * @param wanted whether anything follows from what it sees
     * @param memory share of the memory that is in use
     */
    ProcessWatch(boolean wanted, Overload overload, List<LoopLag> loops, DoubleSupplier memory, Scheduler timers) {
        this.wanted = wanted;
        this.overload = overload;
        this.loops = loops;
        this.memory = memory;
        this.timers = timers;
    }

    @Override
    public synchronized void start() {
        running = Flux.interval(INTERVAL, timers)
                .onBackpressureDrop()
                .doOnNext(tick -> look())
                .subscribe();
    }

    void look() {
        long lag = 0;
        for (LoopLag loop : loops) {
            lag = Math.max(lag, loop.look());
        }
        double used = memory.getAsDouble();
        if (overload.observe(lag, used)) {
            tell(lag, used);
        }
    }

    private void tell(long lagNanos, double used) {
        if (overload.pressure() > 0) {
            log.atWarn()
                    .addKeyValue("lag", Duration.ofNanos(lagNanos).toMillis() + "ms")
                    .addKeyValue("memory", Math.round(used * 100) + "%")
                    .log("overloaded: requests are turned away");
        } else {
            log.info("no longer overloaded");
        }
    }

    @Override
    public boolean isAutoStartup() {
        return wanted;
    }

    @Override
    public synchronized void stop() {
        if (running != null) {
            running.dispose();
            running = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running != null;
    }
}
