package io.velo.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.velo.limit.LimitListener;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Counts requests that were refused by a limit, {@code lb.rate.limit.denied}. */
final class LimitMeters implements MeterBinder, LimitListener {

    private final Map<Denial, Counter> denials = new ConcurrentHashMap<>();
    private volatile @Nullable MeterRegistry registry;

    @Override
    public void bindTo(MeterRegistry to) {
        registry = to;
    }

    @Override
    public void denied(String limit, Cause cause) {
        MeterRegistry known = registry;
        if (known != null) {
            denials.computeIfAbsent(new Denial(limit, cause), denial -> counter(denial, known))
                    .increment();
        }
    }

    private static Counter counter(Denial denial, MeterRegistry registry) {
        return Counter.builder("lb.rate.limit.denied")
                .description("Requests that were refused by a limit, by why")
                .tag("limit", denial.limit)
                .tag("cause", denial.cause.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private record Denial(String limit, LimitListener.Cause cause) {}
}
