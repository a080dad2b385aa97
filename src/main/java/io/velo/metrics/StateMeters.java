package io.velo.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.velo.backend.Backend;
import io.velo.backend.ConnectionCounts;
import io.velo.backend.MembershipListener;
import io.velo.backend.ProbeListener;
import io.velo.backend.ProbeResult;
import io.velo.backend.Transition;
import io.velo.backend.TransitionListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;

/** Counts changes of state, times probes, and reads the connections of each backend. */
final class StateMeters implements TransitionListener, ProbeListener, ConnectionCounts.Listener, MembershipListener {

    private final MeterRegistry registry;
    private final Map<Backend, List<ConnectionCounts>> connections = new ConcurrentHashMap<>();
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

    /** Each lane has connections of its own; the gauges show all of them. */
    @Override
    public void opened(Backend backend, ConnectionCounts counts) {
        connections.computeIfAbsent(backend, this::registerConnections).add(counts);
    }

    @Override
    public void gone(Backend backend) {
        connections.remove(backend);
        probes.remove(backend);
    }

    private List<ConnectionCounts> registerConnections(Backend backend) {
        forget(backend, "lb.connections");
        forget(backend, "lb.queue.depth");
        List<ConnectionCounts> all = new CopyOnWriteArrayList<>();
        connections(backend, "active", all, ConnectionCounts::active);
        connections(backend, "idle", all, ConnectionCounts::idle);
        Gauge.builder("lb.queue.depth", all, each -> sum(each, ConnectionCounts::waiting))
                .description("Requests that wait for a backend with room, or for a connection to a backend")
                .tag("pool", backend.pool())
                .tag("backend", backend.id())
                .strongReference(true)
                .register(registry);
        return all;
    }

    /** The gauges of an earlier backend of the name would stay otherwise. */
    private void forget(Backend backend, String gauge) {
        registry.find(gauge)
                .tag("pool", backend.pool())
                .tag("backend", backend.id())
                .meters()
                .forEach(registry::remove);
    }

    private void connections(
            Backend backend, String state, List<ConnectionCounts> all, ToIntFunction<ConnectionCounts> figure) {
        Gauge.builder("lb.connections", all, each -> sum(each, figure))
                .description("Connections to a backend")
                .tag("pool", backend.pool())
                .tag("backend", backend.id())
                .tag("state", state)
                .strongReference(true)
                .register(registry);
    }

    private static int sum(List<ConnectionCounts> all, ToIntFunction<ConnectionCounts> figure) {
        return all.stream().mapToInt(figure).sum();
    }
}
