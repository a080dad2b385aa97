package io.velo.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.velo.backend.Backend;
import io.velo.backend.MembershipListener;
import io.velo.pool.Pools;
import java.util.List;

/** Takes the meters of a backend out of the registry when it is gone, unless another one has its name by now. */
final class MetersOfGone implements MembershipListener {

    private final Pools pools;
    private final MeterRegistry registry;

    MetersOfGone(Pools pools, MeterRegistry registry) {
        this.pools = pools;
        this.registry = registry;
    }

    @Override
    public void gone(Backend backend) {
        boolean followed = pools.find(backend.pool())
                .flatMap(pool -> pool.backend(backend.id()))
                .isPresent();
        if (!followed) {
            List<Meter> own = registry.getMeters().stream()
                    .filter(meter -> isOf(backend, meter.getId()))
                    .toList();
            own.forEach(registry::remove);
        }
    }

    private static boolean isOf(Backend backend, Meter.Id id) {
        return id.getName().startsWith("lb.")
                && backend.id().equals(id.getTag("backend"))
                && backend.pool().equals(id.getTag("pool"));
    }
}
