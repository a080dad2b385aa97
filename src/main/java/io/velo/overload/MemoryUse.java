package io.velo.overload;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The larger of two shares: of the heap, what was still in use after the latest collection of the old generation, and of
 * Netty's direct memory, what is in use. A collection says something for ten seconds: a heap that is really full is collected again
 * before, and when all requests are turned away there may be no further one that would tell of the end. For one thread.
 */
final class MemoryUse implements DoubleSupplier {

    private static final long COLLECTION_COUNTS_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final List<Supplier<MemoryUsage>> old;
    private final LongSupplier nanos;
    private double latest;
    private long latestNanos;

    /**
     * @param old what was in use of each old generation after its latest collection; null if a pool doesn't tell
     */
    MemoryUse(List<Supplier<MemoryUsage>> old, LongSupplier nanos) {
        this.old = List.copyOf(old);
        this.nanos = nanos;
    }

    /** Of this process. */
    static MemoryUse ofThisProcess(LongSupplier nanos) {
        List<Supplier<MemoryUsage>> old = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .filter(pool -> pool.getName().matches(".*(Old|Tenured).*|ZHeap|Shenandoah"))
                .<Supplier<MemoryUsage>>map(pool -> pool::getCollectionUsage)
                .toList();
        return new MemoryUse(old, nanos);
    }

    @Override
    public double getAsDouble() {
        long now = nanos.getAsLong();
        double heap = heap();
        if (heap != latest) {
            latest = heap;
            latestNanos = now;
        }
        return Math.max(now - latestNanos > COLLECTION_COUNTS_NANOS ? 0 : heap, direct());
    }

    private double heap() {
        double most = 0;
        for (Supplier<MemoryUsage> pool : old) {
            MemoryUsage usage = pool.get();
            if (usage != null && usage.getMax() > 0) {
                most = Math.max(most, (double) usage.getUsed() / usage.getMax());
            }
        }
        return most;
    }

    private static double direct() {
        long used = PlatformDependent.usedDirectMemory();
        long most = PlatformDependent.maxDirectMemory();
        return used < 0 || most <= 0 ? 0 : (double) used / most;
    }
}
