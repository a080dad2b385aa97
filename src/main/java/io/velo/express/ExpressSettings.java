package io.velo.express;

import io.velo.pool.PerPool;
import io.velo.wire.UpstreamSettings;
import java.util.List;

/**
 * Settings of the express lane.
 *
 * @param upstream how requests go to the backends, by pool
 * @param trustedProxies networks whose {@code X-Forwarded-*} fields are believed, as CIDR
 */
public record ExpressSettings(PerPool<UpstreamSettings> upstream, List<String> trustedProxies) {
    public ExpressSettings {
        trustedProxies = List.copyOf(trustedProxies);
    }
}
