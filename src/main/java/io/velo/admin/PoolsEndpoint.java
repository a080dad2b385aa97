package io.velo.admin;

import io.velo.change.Reloads;
import io.velo.pool.Pools;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/** {@code /actuator/pools}: every backend, its state, and why. */
@Endpoint(id = "pools")
final class PoolsEndpoint {

    private final Pools pools;
    private final Reloads reloads;
    private final PoolViews views;

    PoolsEndpoint(Pools pools, Reloads reloads, PoolViews views) {
        this.pools = pools;
        this.reloads = reloads;
        this.views = views;
    }

    @ReadOperation
    PoolList pools() {
        return new PoolList(
                pools.all().stream().map(views::view).toList(),
                pools.leaving().stream().map(views::view).toList(),
                reloads.last().map(ReloadView::of));
    }

    /** One pool, with its latest transitions; null, which Actuator answers with 404, if there is none of that name. */
    @ReadOperation
    @Nullable
    PoolStory pool(@Selector String name) {
        return pools.find(name).map(views::story).orElse(null);
    }

    /**
     * All pools.
     *
     * @param leaving pools that were removed and whose backends still hold requests
     * @param lastReload what came of the last reload; a refused one tells why
     */
    record PoolList(List<PoolView> pools, List<PoolView> leaving, Optional<ReloadView> lastReload) {}
}
