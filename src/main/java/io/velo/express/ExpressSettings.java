package io.velo.express;

import io.velo.wire.UpstreamSettings;
import java.util.List;
import java.util.Map;

/**
 * Settings of the express lane.
 *
 * @param upstream how requests go to the backends, by pool
 * @param trustedProxies networks whose {@code X-Forwarded-*} fields are believed, as CIDR
 */
public record ExpressSettings(Map<String, UpstreamSettings> upstream, List<String> trustedProxies) {
    public ExpressSettings {
        upstream = Map.copyOf(upstream);
        trustedProxies = List.copyOf(trustedProxies);
    }
}
