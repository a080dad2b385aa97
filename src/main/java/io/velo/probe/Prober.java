package io.velo.probe;

import io.velo.backend.Backend;
import io.velo.backend.MembershipListener;
import io.velo.backend.ProbeListener;
import io.velo.backend.ProbeResult;
import io.velo.pool.PerPool;
import io.velo.pool.Pool;
import io.velo.pool.Pools;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** Runs a {@link ProbeLoop} for each backend while it is there, and takes what they find to the pools. */
final class Prober implements SmartLifecycle, MembershipListener {

    private static final Logger log = LoggerFactory.getLogger(Prober.class);

    /** First probes start this far apart, so that a thousand backends don't get theirs in one burst. */
    private static final Duration STAGGER = Duration.ofMillis(2);

    private final Pools pools;
    private final PerPool<ProbeSettings> settingsByPool;
    private final ProbeClient client;
    private final List<ProbeListener> listeners;
    private final Scheduler timers;
    private final DoubleSupplier random;
    private final Map<Backend, Running> running = new HashMap<>();
    private volatile boolean on;

    Prober(
            Pools pools,
            PerPool<ProbeSettings> settingsByPool,
            ProbeClient client,
            List<ProbeListener> listeners,
            Scheduler timers,
            DoubleSupplier random) {
        this.pools = pools;
        this.settingsByPool = settingsByPool;
        this.client = client;
        this.listeners = List.copyOf(listeners);
        this.timers = timers;
        this.random = random;
    }

    @Override
    public void start() {
        on = true;
        adjust();
    }

    @Override
    public void changed() {
        if (on) {
            adjust();
        }
    }

    /** Ends the loops of backends that are gone or probed in another way now, and begins those that there should be. */
    private synchronized void adjust() {
        Map<Backend, ProbeSettings> wanted = wanted();
        running.entrySet().removeIf(each -> {
            boolean over = !each.getValue().settings.equals(wanted.get(each.getKey()));
            if (over) {
                each.getValue().loop.dispose();
            }
            return over;
        });
        int started = 0;
        for (Pool pool : pools.all()) {
            for (Backend backend : pool.backends()) {
                ProbeSettings settings = wanted.get(backend);
                if (settings != null && !running.containsKey(backend)) {
                    Disposable loop = probing(pool, backend, settings, STAGGER.multipliedBy(started++));
                    running.put(backend, new Running(settings, loop));
                }
            }
        }
    }

    private Map<Backend, ProbeSettings> wanted() {
        Map<Backend, ProbeSettings> wanted = new HashMap<>();
        for (Pool pool : pools.all()) {
            ProbeSettings settings = settingsByPool.of(pool.name());
            if (settings.enabled()) {
                pool.backends().forEach(backend -> wanted.put(backend, settings));
            }
        }
        return wanted;
    }

    private Disposable probing(Pool pool, Backend backend, ProbeSettings settings, Duration delay) {
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

    @Override
    public synchronized void stop() {
        on = false;
        running.values().forEach(each -> each.loop.dispose());
        running.clear();
    }

    @Override
    public synchronized boolean isRunning() {
        return !running.isEmpty();
    }

    private record Running(ProbeSettings settings, Disposable loop) {}
}
