package io.velo.wire;

import io.velo.wire.MirrorListener.Result;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** The mirror of one pool: which requests are copied, and how many copies are on their way. Thread-safe, lock-free. */
public final class Mirror {

    private static final int WHOLE = 10_000;

    private final String of;
    private final MirrorSettings settings;
    private final int share;
    private final IntUnaryOperator randomBelow;
    private final Supplier<List<MirrorListener>> listeners;
    private final AtomicInteger inFlight = new AtomicInteger();

    Mirror(String of, MirrorSettings settings, IntUnaryOperator randomBelow, Supplier<List<MirrorListener>> listeners) {
        this.of = of;
        this.settings = settings;
        this.share = (int) Math.round(settings.percent() * WHOLE / 100);
        this.randomBelow = randomBelow;
        this.listeners = listeners;
    }

    /** Name of the pool whose requests are copied. */
    public String of() {
        return of;
    }

    /** What the configuration says of it. */
    public MirrorSettings settings() {
        return settings;
    }

    /** Copies on their way. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Whether this request is one to be copied, and there is room for it; then {@link #ended} has to be called once. */
    boolean tryBegin() {
        if (share == 0 || (share < WHOLE && randomBelow.applyAsInt(WHOLE) >= share)) {
            return false;
        }
        if (inFlight.incrementAndGet() > settings.maxInFlight()) {
            ended(Result.DROPPED);
            return false;
        }
        return true;
    }

    /** It is over. */
    void ended(Result result) {
        inFlight.decrementAndGet();
        for (MirrorListener listener : listeners.get()) {
            listener.ended(of, settings.pool(), result);
        }
    }
}
