package io.velo.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.velo.backend.MembershipListener;
import io.velo.wire.Mirror;
import io.velo.wire.MirrorListener;
import io.velo.wire.Mirrors;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Counts copies of requests by what became of them, {@code lb.mirror.requests}, and those on their way. */
final class MirrorMeters implements MeterBinder, MembershipListener, MirrorListener {

    private final Mirrors mirrors;
    private final Map<Ending, Counter> endings = new ConcurrentHashMap<>();
    private volatile @Nullable MeterRegistry registry;
    private @Nullable MultiGauge inFlight;

    MirrorMeters(Mirrors mirrors) {
        this.mirrors = mirrors;
    }

    @Override
    public synchronized void bindTo(MeterRegistry to) {
        registry = to;
        inFlight = MultiGauge.builder("lb.mirror.in.flight")
                .description("Copies of a pool's requests on their way to its mirror")
                .register(to);
        changed();
    }

    @Override
    public synchronized void changed() {
        if (inFlight != null) {
            inFlight.register(
                    mirrors.all().stream()
                            .map(each -> MultiGauge.Row.of(
                                    Tags.of(
                                            "pool",
                                            each.of(),
                                            "mirror",
                                            each.settings().pool()),
                                    each,
                                    Mirror::inFlight))
                            .toList(),
                    true);
        }
    }

    @Override
    public void ended(String pool, String mirror, Result result) {
        MeterRegistry known = registry;
        if (known != null) {
            endings.computeIfAbsent(new Ending(pool, mirror, result), ending -> counter(ending, known))
                    .increment();
        }
    }

    private static Counter counter(Ending ending, MeterRegistry registry) {
        return Counter.builder("lb.mirror.requests")
                .description("Requests that were to be copied to a pool's mirror, by what became of the copies")
                .tag("pool", ending.pool)
                .tag("mirror", ending.mirror)
                .tag("result", ending.result.word())
                .register(registry);
    }

    private record Ending(String pool, String mirror, Result result) {}
}
