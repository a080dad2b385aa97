package io.velo.simulate;

import io.velo.backend.BackendSpec;
import io.velo.backend.Breaker;
import io.velo.backend.Health;
import io.velo.pool.Lease;
import io.velo.pool.Pool;
import io.velo.pool.PoolSpec;
import io.velo.pool.PoolWiring;
import io.velo.strategy.HashKey;
import io.velo.strategy.HashRule;
import io.velo.strategy.StrategyContext;
import io.velo.strategy.StrategyFactory;
import io.velo.strategy.TierRule;
import io.velo.strategy.Tiers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One instance of Velo: its own pool with the real strategy, in front of servers that others use, too. */
final class Balancer {

    /** One way between Velo and a server. */
    private static final long WAY_NANOS = 100_000;

    private final Timeline timeline;
    private final Pool pool;
    private final Map<String, Server> servers = new HashMap<>();

    Balancer(Timeline timeline, SplittableRandom random, String strategy, List<Server> all) {
        this.timeline = timeline;
        IntStream.range(0, all.size()).forEach(i -> servers.put("b" + i, all.get(i)));
        String[] words = strategy.split(" ");
        HashRule rule = new HashRule(HashKey.CLIENT, words.length == 1 ? 1.25 : Double.parseDouble(words[1]));
        StrategyContext context = new StrategyContext(random::nextInt, timeline::now, rule);
        StrategyFactory factory = StrategyFactory.own().stream()
                .filter(each -> each.names().contains(words[0]))
                .findFirst()
                .orElseThrow();
        this.pool = new Pool(
                spec(words[0], all.size()),
                new Tiers(() -> factory.create(context), TierRule.DEFAULT, random::nextInt),
                new PoolWiring(
                        (name, backend) -> Breaker.NONE,
                        List.of(),
                        List.of(),
                        timeline::now,
                        () -> Instant.EPOCH.plusNanos(timeline.now())));
    }

    private static PoolSpec spec(String strategy, int servers) {
        List<BackendSpec> backends = IntStream.range(0, servers)
                .mapToObj(i -> BackendSpec.of("b" + i, URI.create("http://b" + i + ":80")))
                .toList();
        return new PoolSpec(
                "default",
                strategy,
                backends,
                false,
                new Health.Thresholds(2, 3),
                0.5,
                0,
                Duration.ZERO,
                Duration.ZERO);
    }

    void request(Asked request, Runnable answered) {
        Lease lease = (Lease) pool.acquire(request, List.of());
        Server server = servers.get(lease.backend().id());
        timeline.after(
                WAY_NANOS, () -> server.serve(() -> timeline.after(WAY_NANOS, () -> answer(lease, answered))));
    }

    private static void answer(Lease lease, Runnable answered) {
        lease.headArrived(200);
        lease.complete();
        answered.run();
    }

    static Stream<String> strategies() {
        return Stream.of("roundrobin", "random", "leastconnection", "p2c", "leasttime", "hash");
    }
}
