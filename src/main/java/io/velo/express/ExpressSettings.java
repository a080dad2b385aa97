package io.velo.express;

import io.velo.pool.PerPool;
import io.velo.route.ExplainRule;
import io.velo.wire.UpstreamSettings;
import java.util.List;

/**
 * Settings of the express lane.
 *
 * @param upstream how requests go to the backends, by pool
 * @param trustedProxies networks whose {@code X-Forwarded-*} fields are believed, as CIDR
 * @param explain whose answers tell how they came about
 */
public record ExpressSettings(PerPool<UpstreamSettings> upstream, List<String> trustedProxies, ExplainRule explain) {
    public ExpressSettings {
        trustedProxies = List.copyOf(trustedProxies);
    }
}
