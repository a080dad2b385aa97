package io.velo.discovery;

import io.velo.change.BackendFinder;
import io.velo.change.Finding;
import io.velo.change.FoundBackend;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.client.discovery.event.HeartbeatMonitor;
import org.springframework.context.ApplicationListener;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Finds backends by the application's discovery clients, again and again, and at once when one of them says that something changed. */
final class ClientFinder implements BackendFinder, ApplicationListener<HeartbeatEvent> {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]*");
    private static final Pattern WEIGHT = Pattern.compile("\\d{1,3}");
    private static final int MOST_WEIGHT = 256;

    private final Supplier<List<ReactiveDiscoveryClient>> clients;
    private final DiscoverySettings settings;
    private final Scheduler timers;
    private final HeartbeatMonitor monitor = new HeartbeatMonitor();
    private final Set<RepeatedSearch> searches = ConcurrentHashMap.newKeySet();

    /**
     * @param clients gives them; the first one that knows the service has the word
     */
    ClientFinder(Supplier<List<ReactiveDiscoveryClient>> clients, DiscoverySettings settings, Scheduler timers) {
        this.clients = clients;
        this.settings = settings;
        this.timers = timers;
    }

    @Override
    public Set<String> schemes() {
        return Set.of("discovery");
    }

    @Override
    public Search search(URI place, Consumer<Finding> told) {
        String service = place.getRawAuthority();
        RepeatedSearch search = new RepeatedSearch(Mono.defer(() -> look(service)), settings, timers, told);
        searches.add(search);
        search.hurry();
        return () -> {
            searches.remove(search);
            search.close();
        };
    }

    private Mono<Sighting> look(String service) {
        return Flux.fromIterable(clients.get())
                .concatMap(client -> client.getInstances(service).collectList())
                .filter(instances -> !instances.isEmpty())
                .next()
                .map(this::sighting);
    }

    private Sighting sighting(List<ServiceInstance> instances) {
        return new Sighting(
                instances.stream().map(ClientFinder::backend).distinct().toList(), settings.maxRefresh());
    }

    private static FoundBackend backend(ServiceInstance instance) {
        String host = instance.getHost().contains(":") && !instance.getHost().startsWith("[")
                ? "[" + instance.getHost() + "]"
                : instance.getHost();
        URI uri = URI.create((instance.isSecure() ? "https" : "http") + "://" + host + ":" + instance.getPort());
        Map<String, String> metadata = instance.getMetadata() == null ? Map.of() : instance.getMetadata();
        return new FoundBackend(
                Optional.ofNullable(instance.getInstanceId())
                        .filter(id -> ID.matcher(id).matches())
                        .orElse(host.replaceAll("[\\[\\]]", "") + ":" + instance.getPort()),
                uri,
                weight(metadata.getOrDefault("weight", "")),
                metadata.getOrDefault("zone", ""));
    }

    private static OptionalInt weight(String text) {
        return WEIGHT.matcher(text).matches() && Integer.parseInt(text) <= MOST_WEIGHT
                ? OptionalInt.of(Integer.parseInt(text))
                : OptionalInt.empty();
    }

    @Override
    public void onApplicationEvent(HeartbeatEvent event) {
        if (monitor.update(event.getValue())) {
            searches.forEach(RepeatedSearch::hurry);
        }
    }
}
