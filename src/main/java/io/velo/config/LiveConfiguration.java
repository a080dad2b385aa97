package io.velo.config;

import io.velo.backend.BackendSpec;
import io.velo.backend.MembershipListener;
import io.velo.gateway.LiveRoutes;
import io.velo.pool.Pool;
import io.velo.pool.PoolSpec;
import io.velo.pool.Pools;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the configuration in force, that is what was read and what operators have changed on top of it, and is the only one to
 * change it, one change after another. Everything is made ready first; then settings, pools and routes are swapped, none of
 * which can fail, so that no request finds a route to a pool that isn't there.
 */
final class LiveConfiguration {

    private static final Logger log = LoggerFactory.getLogger("io.velo.config");

    private final PoolAssembly assembly;
    private final LiveSettings settings;
    private final Pools pools;
    private final Supplier<LiveRoutes> routes;
    private final Supplier<List<MembershipListener>> members;
    private final Map<String, Long> versions = new HashMap<>();
    private final Map<String, OperatorChanges> operators = new HashMap<>();
    private volatile Map<String, PoolProperties> read;
    private Map<String, PoolSpec> configured;
    private volatile Map<String, String> digest;

    /**
     * @param start the configuration by which the pools were made
     * @param members gives those who are told of changes
     * @throws IllegalStateException if an SSL bundle isn't good for its backends
     */
    LiveConfiguration(
            Candidate start,
            PoolAssembly assembly,
            LiveSettings settings,
            Pools pools,
            Supplier<LiveRoutes> routes,
            Supplier<List<MembershipListener>> members) {
        this.assembly = assembly;
        this.settings = settings;
        this.pools = pools;
        this.routes = routes;
        this.members = members;
        this.read = start.config().pools();
        this.configured = assembly.specs(read);
        settings.check(start.config(), configured);
        this.digest = ConfigDigest.of(start.config(), configured, start.routes());
    }

    /** What was read last, flat. */
    Map<String, String> digest() {
        return digest;
    }

    /**
     * Puts another configuration in force.
     *
     * @return what is different, a sentence each
     * @throws InvalidConfigurationException if it cannot be; all stays as it was then
     * @throws IllegalArgumentException the same for routes
     */
    synchronized List<String> adopt(Candidate next) {
        List<ConfigProblem> problems = assembly.problems(next.config().pools());
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(problems);
        }
        Map<String, PoolSpec> specs = assembly.specs(next.config().pools());
        settings.check(next.config(), effective(specs));
        Map<String, String> nextDigest = ConfigDigest.of(next.config(), specs, next.routes());
        List<String> changes = ConfigDiff.between(digest, nextDigest);
        if (changes.isEmpty()) {
            return changes;
        }
        boolean otherRoutes = ConfigDiff.inRoutes(digest, nextDigest);
        if (otherRoutes) {
            routes.get().check(next.routes());
        }
        ConfigDiff.pools(digest, nextDigest).forEach(this::countChange);
        dropOvertaken(specs);
        settings.swap(next.config());
        read = next.config().pools();
        swap(specs, otherRoutes ? Optional.of(next.routes()) : Optional.empty());
        digest = nextDigest;
        return changes;
    }

    /** Where backends are looked for. */
    Set<Place> places() {
        Set<Place> places = new LinkedHashSet<>();
        read.forEach((name, pool) -> places.addAll(Place.of(name, pool)));
        return places;
    }

    /** Puts in force what was found for one pool. The others are none the wiser. */
    synchronized void refill(String name) {
        pools.find(name).ifPresent(pool -> {
            PoolSpec next = assembly.spec(name, Objects.requireNonNull(read.get(name)));
            if (!next.readsLike(configured(pool))) {
                countChange(name);
            }
            Map<String, PoolSpec> specs = new LinkedHashMap<>(configured);
            specs.put(name, next);
            dropOvertaken(specs);
            configured = specs;
            bringUp(pool);
            tell();
        });
    }

    /** The configuration has the last word where it has changed. */
    private void dropOvertaken(Map<String, PoolSpec> specs) {
        operators.keySet().retainAll(specs.keySet());
        operators.replaceAll((pool, changes) -> {
            PoolSpec spec = Objects.requireNonNull(specs.get(pool));
            OperatorChanges held = changes.heldBy(spec.backends());
            changes.byBackend().keySet().stream()
                    .filter(backend -> !held.byBackend().containsKey(backend))
                    .forEach(backend -> log.atInfo()
                            .addKeyValue("pool", pool)
                            .addKeyValue("backend", backend)
                            .log("an operator's change gives way to the configuration"));
            return held;
        });
    }

    /** First what routes may lead to, then the routes, then away with what none leads to any more. */
    private void swap(Map<String, PoolSpec> specs, Optional<LiveRoutes.RouteSet> nextRoutes) {
        Map<String, PoolSpec> before = effective(configured);
        configured = specs;
        Map<String, PoolSpec> after = effective(specs);
        List<Pool> next = after.values().stream().map(this::become).toList();
        List<Pool> removed = pools.all().stream()
                .filter(pool -> !after.containsKey(pool.name()))
                .toList();
        pools.swap(Stream.concat(next.stream(), removed.stream()).toList(), pools.leaving());
        if (nextRoutes.isPresent()) {
            routes.get().swap(nextRoutes.get());
        } else if (!before.keySet().equals(after.keySet())) {
            routes.get().recompile();
        }
        retire(removed, next);
        tell();
    }

    private void retire(List<Pool> removed, List<Pool> next) {
        removed.forEach(Pool::retire);
        List<Pool> leaving = new ArrayList<>(removed);
        leaving.addAll(pools.leaving());
        leaving.removeIf(pool -> pool.leaving().isEmpty() || next.contains(pool));
        pools.swap(next, leaving);
        boolean routed = removed.stream().anyMatch(pool -> routes.get().leadTo(pool.name()));
        if (routed) {
            routes.get().recompile(); // a route that isn't of the configuration
        }
    }

    private Pool become(PoolSpec spec) {
        Optional<Pool> known = Stream.concat(pools.all().stream(), pools.leaving().stream())
                .filter(pool -> pool.name().equals(spec.name()))
                .findFirst();
        known.ifPresent(pool -> pool.become(spec, () -> assembly.strategy(spec)));
        return known.orElseGet(() -> assembly.newPool(spec));
    }

    private Map<String, PoolSpec> effective(Map<String, PoolSpec> specs) {
        Map<String, PoolSpec> all = new LinkedHashMap<>();
        specs.forEach((name, spec) -> all.put(name, effective(spec)));
        return all;
    }

    private PoolSpec effective(PoolSpec spec) {
        return spec.withBackends(changesOf(spec.name()).over(spec.backends()));
    }

    private void tell() {
        members.get().forEach(MembershipListener::changed);
    }

    private void countChange(String pool) {
        versions.merge(pool, 1L, Long::sum);
    }

    /** Runs what must not meet a change, and may make some. */
    synchronized <T> T alone(Supplier<T> action) {
        return action.get();
    }

    /** How often what is configured of a pool has changed. */
    synchronized long version(String pool) {
        return versions.getOrDefault(pool, 0L);
    }

    /** What the configuration says of a pool that there is. */
    PoolSpec configured(Pool pool) {
        return configured.getOrDefault(pool.name(), pool.spec());
    }

    OperatorChanges changesOf(String pool) {
        return operators.getOrDefault(pool, OperatorChanges.NONE);
    }

    /** Puts an operator's change of one backend in force. Call it {@link #alone}. */
    void change(Pool pool, String backend, Optional<BackendSpec> wanted) {
        Optional<BackendSpec> said = configured(pool).backends().stream()
                .filter(each -> each.id().equals(backend))
                .findFirst();
        Optional<BackendSpec> alike =
                wanted.map(each -> each.from(said.map(BackendSpec::source).orElse(each.source()))
                        .withReadiness(said.map(BackendSpec::readiness).orElse(each.readiness())));
        operators.put(pool.name(), changesOf(pool.name()).with(backend, new OperatorChanges.Change(said, alike)));
        bringUp(pool);
        changed(pool);
    }

    private void bringUp(Pool pool) {
        PoolSpec next = effective(configured(pool));
        settings.prepare(next);
        pool.become(next, () -> assembly.strategy(next));
    }

    /** Notes an operator's change of another kind. Call it {@link #alone}. */
    void changed(Pool pool) {
        countChange(pool.name());
        tell();
    }
}
