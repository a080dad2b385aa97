package io.velo.admin;

import io.velo.pool.Pools;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/** {@code /actuator/pools}: every backend, its state, and why. */
@Endpoint(id = "pools")
final class PoolsEndpoint {

    private final Pools pools;

    PoolsEndpoint(Pools pools) {
        this.pools = pools;
    }

    @ReadOperation
    PoolList pools() {
        return new PoolList(pools.all().stream().map(PoolView::of).toList());
    }

    /** One pool; null, which Actuator answers with 404, if there is none of that name. */
    @ReadOperation
    @Nullable
    PoolView pool(@Selector String name) {
        return pools.find(name).map(PoolView::of).orElse(null);
    }

    record PoolList(List<PoolView> pools) {}
}
