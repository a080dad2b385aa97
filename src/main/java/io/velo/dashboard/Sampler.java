package io.velo.dashboard;

import io.velo.backend.Backend;
import io.velo.dashboard.Frame.BackendRow;
import io.velo.dashboard.Frame.PoolRow;
import io.velo.dashboard.RequestTimers.Owner;
import io.velo.pool.Pool;
import io.velo.pool.Pools;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Reads the meters and makes rates and percentiles of what has changed since the last reading. Used by one thread at a time;
 * a reading costs time with the number of pools, and with that of backends only if somebody watches.
 */
final class Sampler {

    private final Pools pools;
    private final Beside.Sources beside;
    private final RequestTimers timers;
    private final Happenings happenings;
    private final Past past;
    private final LongSupplier nanos;
    private final InstantSource clock;

    private final Readings<String> ofPools = new Readings<>();
    private final Readings<Owner> ofBackends = new Readings<>();
    private long sample;

    Sampler(
            Pools pools,
            Beside.Sources beside,
            RequestTimers timers,
            Happenings happenings,
            Past past,
            LongSupplier nanos,
            InstantSource clock) {
        this.pools = pools;
        this.beside = beside;
        this.timers = timers;
        this.happenings = happenings;
        this.past = past;
        this.nanos = nanos;
        this.clock = clock;
    }

    /**
     * Reads the meters.
     *
     * @param watched whether anybody wants to know of single backends
     */
    void sample(boolean watched) {
        sample++;
        ofPools.read(timers.byPool(), nanos.getAsLong());
        if (watched) {
            ofBackends.read(timers.byBackend(), nanos.getAsLong());
        } else {
            ofBackends.forget();
        }
        Instant now = clock.instant();
        past.keepOnly(pools.all().stream().map(Pool::name).toList());
        pools.all().forEach(pool -> past.add(pool.name(), point(pool, now)));
    }

    private Past.Point point(Pool pool, Instant now) {
        int inFlight = pool.backends().stream().mapToInt(Backend::inFlight).sum();
        return new Past.Point(
                now,
                ofPools.figures(pool.name()),
                inFlight,
                ofPools.ended(pool.name()).reasons());
    }

    /** How things stand now, with the figures of the last sample. */
    Frame frame() {
        List<PoolRow> rows = pools.all().stream().map(this::row).toList();
        return new Frame(sample, clock.instant(), rows, happenings.all());
    }

    private PoolRow row(Pool pool) {
        List<BackendRow> backends = pool.backends().stream()
                .map(backend -> BackendRow.of(backend, ofBackends.figures(new Owner(pool.name(), backend.id()))))
                .toList();
        return new PoolRow(
                pool.name(),
                pool.spec().strategy(),
                pool.eligible(),
                pool.panic(),
                ofPools.figures(pool.name()),
                past.reasons(pool.name()),
                beside.of(pool.name()),
                backends);
    }

    /** The latest reading of some meters and what it brought over the one before. */
    private static final class Readings<K> {

        private Map<K, Tally> totals = Map.of();
        private Map<K, Tally> ended = Map.of();
        private Duration time = Duration.ZERO;
        private long readAt;
        private boolean read;

        void read(Map<K, Tally> next, long nowNanos) {
            Map<K, Tally> changes = new HashMap<>();
            if (read) { // the first one has nothing to be compared with
                next.forEach((key, total) -> changes.put(key, total.minus(totals.getOrDefault(key, Tally.NOTHING))));
            }
            time = Duration.ofNanos(nowNanos - readAt);
            totals = next;
            ended = changes;
            readAt = nowNanos;
            read = true;
        }

        void forget() {
            totals = Map.of();
            ended = Map.of();
            read = false;
        }

        Tally ended(K key) {
            return ended.getOrDefault(key, Tally.NOTHING);
        }

        Figures figures(K key) {
            return Figures.of(ended(key), time);
        }
    }
}
