package io.velo.gateway;

import io.velo.pool.Pool;
import io.velo.pool.Pools;
import io.velo.wire.UpstreamSettings;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.springframework.beans.factory.DisposableBean;
import reactor.netty.http.client.HttpClient;

/** The client of each pool. */
final class PoolClients implements DisposableBean {

    private final Map<String, PoolClient> byPool;

    PoolClients(
            Pools pools,
            Map<String, UpstreamSettings> settingsByPool,
            ConnectionGauges gauges,
            UnaryOperator<HttpClient> customizers) {
        this.byPool = pools.all().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Pool::name,
                        pool -> new PoolClient(
                                pool.name(),
                                Objects.requireNonNull(
                                        settingsByPool.get(pool.name()), () -> "no upstream settings: " + pool.name()),
                                gauges,
                                customizers)));
    }

    Optional<PoolClient> find(String pool) {
        return Optional.ofNullable(byPool.get(pool));
    }

    PoolClient of(String pool) {
        return Objects.requireNonNull(byPool.get(pool), () -> "no client for pool " + pool);
    }

    @Override
    public void destroy() {
        byPool.values().forEach(PoolClient::dispose);
    }
}
