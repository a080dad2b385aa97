package io.velo.admin;

import io.velo.pool.History;
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

    private final History history;

    PoolsEndpoint(Pools pools, History history) {
        this.pools = pools;
        this.history = history;
    }

    @ReadOperation
    PoolList pools() {
        return new PoolList(pools.all().stream().map(PoolView::of).toList());
    }

    /** One pool, with its latest transitions; null, which Actuator answers with 404, if there is none of that name. */
    @ReadOperation
    @Nullable
    PoolStory pool(@Selector String name) {
        return pools.find(name)
                .map(pool -> PoolStory.of(pool, history.of(name)))
                .orElse(null);
    }

    record PoolList(List<PoolView> pools) {}
}
