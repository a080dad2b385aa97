package io.velo.gateway;

import io.velo.pool.PerPool;
import io.velo.route.ExplainRule;
import io.velo.wire.ClientRules;
import io.velo.wire.UpstreamSettings;
import java.util.List;

/**
 * Settings of the gateway lane.
 *
 * @param upstream how requests go to the backends, by pool
 * @param trustedProxies networks whose {@code X-Forwarded-*} fields are believed, as CIDR
 * @param headerProxies networks of proxies whose connections begin with a PROXY header, as CIDR
 * @param clientRules what clients may do
 * @param express whether routes may take the express lane
 * @param explain whose answers tell how they came about
 */
public record GatewaySettings(
        PerPool<UpstreamSettings> upstream,
        List<String> trustedProxies,
        List<String> headerProxies,
        ClientRules clientRules,
        boolean express,
        ExplainRule explain) {
    public GatewaySettings {
        trustedProxies = List.copyOf(trustedProxies);
        headerProxies = List.copyOf(headerProxies);
    }
}
