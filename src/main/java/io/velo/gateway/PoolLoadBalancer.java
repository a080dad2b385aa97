package io.velo.gateway;

import io.velo.backend.Backend;
import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.pool.Pick;
import io.velo.pool.Pools;
import io.velo.strategy.RequestView;
import java.util.List;
import java.util.Optional;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import reactor.core.publisher.Mono;

/**
 * A pool behind the interface of Spring Cloud LoadBalancer. The gateway lane gets a lease with the instance and ends it.
 * Anybody else, for instance a load-balanced {@code WebClient}, gets the choice alone: its requests can't be counted,
 * because nothing would tell when they end.
 */
final class PoolLoadBalancer implements ReactorServiceInstanceLoadBalancer {

    private static final RequestView UNKNOWN_REQUEST = new UnknownRequest();

    private final String name;
    private final Pools pools;

    /**
     * @param name the pool's; it is looked up for each request, since a reload may bring another one of the name
     */
    PoolLoadBalancer(String name, Pools pools) {
        this.name = name;
        this.pools = pools;
    }

    @Override
    @SuppressWarnings("rawtypes") // so is the interface
    public Mono<Response<ServiceInstance>> choose(Request request) {
        return Mono.fromSupplier(() -> request.getContext() instanceof ExchangeView view
                ? answer(acquire(view, view.request().attempts().tried().backends()))
                : withoutLease(acquire(UNKNOWN_REQUEST, List.of())));
    }

    private Pick acquire(RequestView request, List<Backend> tried) {
        return pools.find(name)
                .map(pool -> pool.acquire(request, tried))
                .orElseGet(() -> new Pick.None(Reason.DESTINATION_NOT_FOUND));
    }

    private static Response<ServiceInstance> withoutLease(Pick pick) {
        if (pick instanceof Lease lease) {
            lease.abort(Reason.CLIENT_ABORTED);
        }
        return answer(pick);
    }

    private static Response<ServiceInstance> answer(Pick pick) {
        if (pick instanceof Lease lease) {
            return new DefaultResponse(new LeasedInstance(lease));
        }
        return new NoneChosen(((Pick.None) pick).reason());
    }

    private static final class UnknownRequest implements RequestView {
        @Override
        public String method() {
            return "";
        }

        @Override
        public String target() {
            return "";
        }

        @Override
        public String clientAddress() {
            return "";
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.empty();
        }
    }
}
