package io.velo.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.velo.wire.h2.Flood;
import io.velo.wire.h2.FloodListener;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Counts HTTP/2 connections of clients that Velo has ended, by reason. */
final class FloodMeters implements FloodListener {

    private final Map<Flood, Counter> counters = new EnumMap<>(Flood.class);

    FloodMeters(MeterRegistry registry) {
        for (Flood flood : Flood.values()) {
            counters.put(
                    flood,
                    Counter.builder("lb.http2.ended")
                            .description("HTTP/2 connections ended because of what their clients did")
                            .tag("reason", flood.word())
                            .register(registry));
        }
    }

    @Override
    public void ended(Flood why) {
        Objects.requireNonNull(counters.get(why)).increment();
    }
}
