package io.velo.overload;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * The larger of two shares: of the heap, what was still in use after the latest collection of the old generation, and of
 * Netty's direct memory, what is in use.
 */
final class MemoryUse implements DoubleSupplier {

    private final List<MemoryPoolMXBean> old = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .filter(pool -> pool.getName().matches(".*(Old|Tenured).*|ZHeap|Shenandoah"))
            .toList();

    @Override
    public double getAsDouble() {
        return Math.max(heap(), direct());
    }

    private double heap() {
        double most = 0;
        for (MemoryPoolMXBean pool : old) {
            MemoryUsage usage = pool.getCollectionUsage();
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
