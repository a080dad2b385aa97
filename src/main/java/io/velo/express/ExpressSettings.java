package io.velo.express;

import io.velo.pool.PerPool;
import io.velo.route.ExplainRule;
import io.velo.wire.UpstreamSettings;
import java.time.Duration;
import java.util.List;

/**
 * Settings of the express lane.
 *
 * @param upstream how requests go to the backends, by pool
 * @param trustedProxies networks whose {@code X-Forwarded-*} fields are believed, as CIDR
 * @param explain whose answers tell how they came about
 * @param clientWrite how long a client may take nothing of what waits for it
 */
public record ExpressSettings(
        PerPool<UpstreamSettings> upstream, List<String> trustedProxies, ExplainRule explain, Duration clientWrite) {
    public ExpressSettings {
        trustedProxies = List.copyOf(trustedProxies);
    }
}
