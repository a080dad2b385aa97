package io.velo.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.velo.backend.Backend;
import io.velo.backend.ConnectionCounts;
import io.velo.backend.ProbeListener;
import io.velo.backend.ProbeResult;
import io.velo.backend.Transition;
import io.velo.backend.TransitionListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** Counts changes of state, times probes, and reads the connections of each backend. */
final class StateMeters implements TransitionListener, ProbeListener, ConnectionCounts.Listener {

    private final MeterRegistry registry;
    private final Map<Backend, Map<Boolean, Timer>> probes = new ConcurrentHashMap<>();

    StateMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void changed(Transition transition) {
        Counter.builder("lb.backend.transitions")
                .description("Changes of a backend's state")
                .tag("pool", transition.pool())
                .tag("backend", transition.backend())
                .tag("from", transition.from().word())
                .tag("to", transition.to().word())
                .register(registry)
                .increment();
    }

    @Override
    public void probed(Backend backend, ProbeResult result) {
        probes.computeIfAbsent(backend, first -> new ConcurrentHashMap<>())
                .computeIfAbsent(result.passed(), passed -> probeTimer(backend, passed))
                .record(result.latency());
    }

    private Timer probeTimer(Backend backend, boolean passed) {
        return Timer.builder("lb.probe")
                .description("Health probes")
                .tag("pool", backend.pool())
                .tag("backend", backend.id())
                .tag("result", passed ? "passed" : "missed")
                .register(registry);
    }

    @Override
    public void opened(Backend backend, ConnectionCounts counts) {
        connections(backend, "active", counts, ConnectionCounts::active);
        connections(backend, "idle", counts, ConnectionCounts::idle);
        Gauge.builder("lb.queue.depth", counts, ConnectionCounts::waiting)
                .description("Requests that wait for a connection to a backend")
                .tag("pool", backend.pool())
                .tag("backend", backend.id())
                .strongReference(true)
                .register(registry);
    }

    private void connections(
            Backend backend, String state, ConnectionCounts counts, ToDoubleFunction<ConnectionCounts> figure) {
        Gauge.builder("lb.connections", counts, figure)
                .description("Connections to a backend")
                .tag("pool", backend.pool())
                .tag("backend", backend.id())
                .tag("state", state)
                .strongReference(true)
                .register(registry);
    }
}
