package io.velo.probe;

import io.velo.backend.Backend;
import io.velo.backend.ProbeListener;
import io.velo.backend.ProbeResult;
import io.velo.pool.Pool;
import io.velo.pool.Pools;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** Runs a {@link ProbeLoop} for each backend while the application runs, and takes what they find to the pools. */
final class Prober implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Prober.class);

    /** First probes start this far apart, so that a thousand backends don't get theirs in one burst. */
    private static final Duration STAGGER = Duration.ofMillis(2);

    private final Pools pools;
    private final Map<String, ProbeSettings> settingsByPool;
    private final ProbeClient client;
    private final List<ProbeListener> listeners;
    private final Scheduler timers;
    private final DoubleSupplier random;
    private volatile Disposable.Composite running = Disposables.composite();

    Prober(
            Pools pools,
            Map<String, ProbeSettings> settingsByPool,
            ProbeClient client,
            List<ProbeListener> listeners,
            Scheduler timers,
            DoubleSupplier random) {
        this.pools = pools;
        this.settingsByPool = Map.copyOf(settingsByPool);
        this.client = client;
        this.listeners = List.copyOf(listeners);
        this.timers = timers;
        this.random = random;
    }

    @Override
    public void start() {
        running = Disposables.composite();
        int started = 0;
        for (Pool pool : pools.all()) {
            for (Backend backend : pool.backends()) {
                if (settings(pool).enabled()) {
                    running.add(probing(pool, backend, STAGGER.multipliedBy(started++)));
                }
            }
        }
    }

    private Disposable probing(Pool pool, Backend backend, Duration delay) {
        ProbeSettings settings = settings(pool);
        return new ProbeLoop(backend, settings, each -> client.probe(each.spec(), settings), timers, random)
                .results(delay)
                .subscribe(result -> report(pool, backend, result));
    }

    private void report(Pool pool, Backend backend, ProbeResult result) {
        pool.probed(backend, result);
        for (ProbeListener listener : listeners) {
            try {
                listener.probed(backend, result);
            } catch (RuntimeException e) { // a user's listener must not end the probing
                log.atError().addKeyValue("listener", listener).setCause(e).log("a listener failed");
            }
        }
    }

    private ProbeSettings settings(Pool pool) {
        return Objects.requireNonNull(settingsByPool.get(pool.name()), () -> "no probe settings: " + pool.name());
    }

    @Override
    public void stop() {
        running.dispose();
    }

    @Override
    public boolean isRunning() {
        return running.size() > 0;
    }
}
