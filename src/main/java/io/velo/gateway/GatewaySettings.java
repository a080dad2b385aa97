package io.velo.gateway;

import io.velo.pool.PerPool;
import io.velo.route.ExplainRule;
import io.velo.wire.UpstreamSettings;
import java.time.Duration;
import java.util.List;

/**
 * Settings of the gateway lane.
 *
 * @param upstream how requests go to the backends, by pool
 * @param trustedProxies networks whose {@code X-Forwarded-*} fields are believed, as CIDR
 * @param clientHeader longest time for the head of a request to come in
 * @param clientIdle longest time that a client's connection may be without a request
 * @param express whether routes may take the express lane
 * @param explain whose answers tell how they came about
 */
public record GatewaySettings(
        PerPool<UpstreamSettings> upstream,
        List<String> trustedProxies,
        Duration clientHeader,
        Duration clientIdle,
        boolean express,
        ExplainRule explain) {
    public GatewaySettings {
        trustedProxies = List.copyOf(trustedProxies);
    }
}
