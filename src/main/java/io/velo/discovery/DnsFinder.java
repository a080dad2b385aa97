package io.velo.discovery;

import io.netty.resolver.dns.DnsNameResolver;
import io.velo.change.BackendFinder;
import io.velo.change.Finding;
import java.net.URI;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Finds backends by DNS. Its resolver is made when there is something to find. */
final class DnsFinder implements BackendFinder, DisposableBean {

    private final Supplier<DnsNameResolver> resolvers;
    private final DiscoverySettings settings;
    private final Scheduler timers;
    private @Nullable DnsNameResolver resolver;

    /**
     * @param resolvers makes a resolver that keeps no records: how long they hold is seen to here
     */
    DnsFinder(Supplier<DnsNameResolver> resolvers, DiscoverySettings settings, Scheduler timers) {
        this.resolvers = resolvers;
        this.settings = settings;
        this.timers = timers;
    }

    @Override
    public Set<String> schemes() {
        return Set.of("dns", "dns+srv");
    }

    @Override
    public Search search(URI place, Consumer<Finding> told) {
        DnsPlace looked = new DnsPlace(place, new DnsLookups(resolver()));
        RepeatedSearch search = new RepeatedSearch(Mono.defer(looked::look), settings, timers, told);
        search.hurry();
        return search;
    }

    private synchronized DnsNameResolver resolver() {
        DnsNameResolver known = resolver;
        if (known == null) {
            known = resolvers.get();
            resolver = known;
        }
        return known;
    }

    @Override
    public synchronized void destroy() {
        if (resolver != null) {
            resolver.close();
        }
    }
}
