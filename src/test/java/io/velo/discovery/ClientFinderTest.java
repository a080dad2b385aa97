package io.velo.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.change.BackendFinder.Search;
import io.velo.change.Finding;
import io.velo.change.FoundBackend;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

class ClientFinderTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final DiscoverySettings settings =
            new DiscoverySettings(List.of(), Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(30));
    private final List<Finding> told = new ArrayList<>();
    private Flux<ServiceInstance> shop = Flux.empty();
    private final ClientFinder finder =
            new ClientFinder(() -> List.of(client("other", Flux.never()), client("shop", null)), settings, time);

    private ReactiveDiscoveryClient client(String service, Flux<ServiceInstance> instances) {
        return new ReactiveDiscoveryClient() {
            @Override
            public String description() {
                return service;
            }

            @Override
            public Flux<ServiceInstance> getInstances(String id) {
                return !id.equals(service) ? Flux.empty() : instances == null ? shop : instances;
            }

            @Override
            public Flux<String> getServices() {
                return Flux.just(service);
            }
        };
    }

    private static ServiceInstance instance(String id, String host, boolean secure, Map<String, String> metadata) {
        return new DefaultServiceInstance(id, "shop", host, 8080, secure, metadata);
    }

    @Test
    void takesOverWhatIsKnownOfAnInstance() {
        shop = Flux.just(
                instance("a1", "10.0.0.1", false, Map.of("weight", "5", "zone", "z1")),
                instance("not an id", "10.0.0.2", true, Map.of("weight", "many")),
                instance(null, "fd00::1", false, Map.of("weight", "257")));

        finder.search(URI.create("discovery://shop"), told::add);

        assertThat(told)
                .containsExactly(new Finding.Found(List.of(
                        new FoundBackend("a1", URI.create("http://10.0.0.1:8080"), OptionalInt.of(5), "z1"),
                        new FoundBackend("10.0.0.2:8080", URI.create("https://10.0.0.2:8080"), OptionalInt.empty(), ""),
                        new FoundBackend(
                                "fd00::1:8080", URI.create("http://[fd00::1]:8080"), OptionalInt.empty(), ""))));
    }

    @Test
    void looksAgainAfterAWhileAndWhenToldOfAChange() {
        shop = Flux.just(instance("a1", "10.0.0.1", false, Map.of()));
        Search search = finder.search(URI.create("discovery://shop"), told::add);
        time.advanceTimeBy(Duration.ofSeconds(30));
        assertThat(told).hasSize(2);

        finder.onApplicationEvent(new HeartbeatEvent(this, 1));
        finder.onApplicationEvent(new HeartbeatEvent(this, 1));
        assertThat(told).hasSize(3);

        search.close();
        finder.onApplicationEvent(new HeartbeatEvent(this, 2));
        time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(told).hasSize(3);
    }

    @Test
    void takesNoInstancesForAFailure() {
        finder.search(URI.create("discovery://shop"), told::add);

        assertThat(told).containsExactly(new Finding.Failed("nobody is there"));
    }

    @Test
    void tellsWhyAClientFails() {
        shop = Flux.error(new IllegalStateException("the registry is away"));

        finder.search(URI.create("discovery://shop"), told::add);

        assertThat(told).containsExactly(new Finding.Failed("the registry is away"));
    }
}
