package io.velo.redis;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.atomic.LongAdder;

/** Counts what came of asking for shared limits, {@code lb.rate.limit.store}. */
final class StoreMeters implements MeterBinder {

    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder skipped = new LongAdder();

    void answered() {
        answered.increment();
    }

    void failed() {
        failed.increment();
    }

    void skipped() {
        skipped.increment();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bind(registry, "answered", answered);
        bind(registry, "failed", failed);
        bind(registry, "skipped", skipped);
    }

    private static void bind(MeterRegistry registry, String result, LongAdder count) {
        FunctionCounter.builder("lb.rate.limit.store", count, LongAdder::doubleValue)
                .description("Questions to the store of shared rate limits, by what came of them")
                .tag("result", result)
                .register(registry);
    }
}
