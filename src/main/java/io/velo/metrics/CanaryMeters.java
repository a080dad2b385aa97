package io.velo.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.velo.backend.MembershipListener;
import io.velo.pool.Canaries;
import io.velo.pool.Canary;
import io.velo.pool.CanaryListener;
import io.velo.pool.StepBack;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The share that each canary has now, {@code lb.canary.percent}; counts those that step back, and logs a line for each. */
final class CanaryMeters implements MeterBinder, MembershipListener, CanaryListener {

    private static final Logger log = LoggerFactory.getLogger("io.velo.state");

    private final Canaries canaries;
    private @Nullable MeterRegistry registry;
    private @Nullable MultiGauge percents;

    CanaryMeters(Canaries canaries) {
        this.canaries = canaries;
    }

    @Override
    public synchronized void bindTo(MeterRegistry to) {
        registry = to;
        percents = MultiGauge.builder("lb.canary.percent")
                .description("Share of a pool's clients that its canary gets now; 0 after it has stepped back")
                .register(to);
        adjust(percents, to);
    }

    @Override
    public synchronized void changed() {
        if (percents != null && registry != null) {
            adjust(percents, registry);
        }
    }

    private void adjust(MultiGauge gauge, MeterRegistry to) {
        gauge.register(
                canaries.all().stream()
                        .map(each -> MultiGauge.Row.of(
                                Tags.of(
                                        "pool",
                                        each.baseline(),
                                        "canary",
                                        each.plan().pool()),
                                each,
                                Canary::percent))
                        .toList(),
                true);
        canaries.all()
                .forEach(each -> stepBacks(to, each.baseline(), each.plan().pool()));
    }

    private static Counter stepBacks(MeterRegistry registry, String pool, String canary) {
        return Counter.builder("lb.canary.step.backs")
                .description("Canaries that were given up because they did worse than the pool itself")
                .tag("pool", pool)
                .tag("canary", canary)
                .register(registry);
    }

    @Override
    public void steppedBack(StepBack stepBack) {
        MeterRegistry known = registry;
        if (known != null) {
            stepBacks(known, stepBack.pool(), stepBack.canary()).increment();
        }
        log.atError()
                .addKeyValue("pool", stepBack.pool())
                .addKeyValue("canary", stepBack.canary())
                .addKeyValue("percent", stepBack.percent())
                .addKeyValue("reason", stepBack.cause())
                .log("canary stepped back");
    }
}
