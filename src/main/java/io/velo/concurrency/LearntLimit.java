package io.velo.concurrency;

import com.netflix.concurrency.limits.Limit;
import com.netflix.concurrency.limits.limit.Gradient2Limit;
import com.netflix.concurrency.limits.limit.WindowedLimit;
import io.velo.backend.ConcurrencyLimit;
import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The limit of one backend by
 * <a href="https://github.com/Netflix/concurrency-limits#gradient2">Gradient2</a>: as long as it answers about as quickly as it
 * did on average, the limit grows by a few at a time; when answers take longer, because requests queue up inside it,
 * the limit shrinks in proportion. Looks at it once a second or, with few requests, more rarely.
 */
final class LearntLimit implements ConcurrencyLimit {

    private final Supplier<ConcurrencySettings> settings;
    private final LongSupplier nanos;
    private final long bornNanos;
    private volatile Learning learning;

    /**
     * @param settings those in force
     * @param nanos monotonic time
     */
    LearntLimit(Supplier<ConcurrencySettings> settings, LongSupplier nanos) {
        this.settings = settings;
        this.nanos = nanos;
        this.bornNanos = nanos.getAsLong();
        this.learning = Learning.by(settings.get());
    }

    @Override
    public int limit() {
        Limit known = learning.limit;
        return known == null ? Integer.MAX_VALUE : known.getLimit();
    }

    /**
     * What tells how long a backend takes is the head of an answer; the body takes as long as its client. Errors come quickly and
     * tell nothing, but for the one that it has taken too long.
     */
    @Override
    public void ended(int inFlight, Outcome outcome) {
        Limit known = learning.limit;
        if (known == null) {
            return;
        }
        if (outcome instanceof Outcome.Answered answered && !answered.kind().failure()) {
            sample(known, answered.firstByteNanos(), answered.nanos(), inFlight, false);
        } else if (outcome instanceof Outcome.Failed failed && failed.why() == Reason.HTTP_RESPONSE_TIMEOUT) {
            sample(known, failed.nanos(), failed.nanos(), inFlight, true);
        }
    }

    /** The library takes the time of a request's beginning for a positive number. */
    private void sample(Limit known, long taken, long sinceStart, int inFlight, boolean late) {
        long now = nanos.getAsLong() - bornNanos;
        known.onSample(Math.max(0, now - sinceStart), Math.max(1, taken), inFlight, late);
    }

    @Override
    public void refresh() {
        ConcurrencySettings now = settings.get();
        if (!now.equals(learning.by)) {
            learning = Learning.by(now);
        }
    }

    private record Learning(
            ConcurrencySettings by, @Nullable Limit limit) {

        static Learning by(ConcurrencySettings settings) {
            return new Learning(settings, settings.gradient() ? gradient(settings) : null);
        }

        private static Limit gradient(ConcurrencySettings settings) {
            return WindowedLimit.newBuilder()
                    .build(Gradient2Limit.newBuilder()
                            .initialLimit(settings.initial())
                            .minLimit(settings.min())
                            .maxConcurrency(settings.max())
                            .build());
        }
    }
}
