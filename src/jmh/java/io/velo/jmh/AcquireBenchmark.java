package io.velo.jmh;

import io.velo.backend.Backend;
import io.velo.backend.BackendSpec;
import io.velo.backend.Breaker;
import io.velo.backend.BreakerFactory;
import io.velo.backend.Health;
import io.velo.backend.OutcomeListener;
import io.velo.pool.Lease;
import io.velo.pool.Pool;
import io.velo.pool.PoolSpec;
import io.velo.pool.PoolWiring;
import io.velo.pool.Pools;
import io.velo.strategy.HashKey;
import io.velo.strategy.HashRule;
import io.velo.strategy.StrategyContext;
import io.velo.strategy.StrategyFactory;
import io.velo.strategy.TierRule;
import io.velo.strategy.Tiers;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** A pick and the end of its lease: what each request pays to the pool. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AcquireBenchmark {

    @Param({"roundrobin", "leastconnection"}) // Benchmarks puts all that there are in their place
    String strategy;

    @Param({"3", "100", "1000"})
    int backends;

    /** Requests that every backend has in flight already; a strategy that looks for an idle one finds none. */
    @Param({"0", "1"})
    int busy;

    @Param
    With with;

    private static final HashRule BY_PATH = new HashRule(HashKey.parse("uri").orElseThrow(), 1.25);

    private StartedVelo velo;
    private Pool pool;

    /** Requests for different things, for strategies that go by what is asked for. */
    @State(Scope.Thread)
    public static class Requests {

        private final AnyRequest[] each =
                IntStream.range(0, 1024).mapToObj(i -> new AnyRequest("/small/" + i)).toArray(AnyRequest[]::new);
        private int next;

        AnyRequest next() {
            return each[next++ & each.length - 1];
        }
    }

    /** What is told of each lease beside the strategy. */
    public enum With {
        /** Neither a breaker nor a listener. */
        NOTHING,
        /** The Resilience4j breaker. */
        BREAKER,
        /** The listeners: Micrometer's timers. */
        METERS,
        /** All that Velo wires up. */
        ALL
    }

    @Setup
    public void start() {
        velo = StartedVelo.with();
        StrategyContext context = new StrategyContext(
                bound -> ThreadLocalRandom.current().nextInt(bound), System::nanoTime, BY_PATH);
        StrategyFactory factory = velo.strategy(strategy);
        pool = new Pool(
                spec(),
                new Tiers(() -> factory.create(context), TierRule.DEFAULT, context.randomBelow()),
                wiring());
        keepBusy();
    }

    /** As often on each backend, whatever the strategy would choose. */
    private void keepBusy() {
        IntStream.range(0, busy).forEach(i -> pool.backends().forEach(Backend::tryEnter));
    }

    @TearDown
    public void stop() {
        velo.close();
    }

    private PoolSpec spec() {
        List<BackendSpec> specs = IntStream.range(0, backends)
                .mapToObj(i -> BackendSpec.of("b" + i, URI.create("http://127.0.0.1:" + (1 + i))))
                .toList();
        return new PoolSpec(
                Pools.DEFAULT, strategy, specs, false, new Health.Thresholds(2, 3), 0.5, 0, Duration.ZERO, Duration.ZERO);
    }

    private PoolWiring wiring() {
        BreakerFactory none = (pool, backend) -> Breaker.NONE;
        return switch (with) {
            case NOTHING -> wiring(none, List.of());
            case BREAKER -> wiring(velo.bean(BreakerFactory.class), List.of());
            case METERS -> wiring(none, velo.beans(OutcomeListener.class));
            case ALL -> velo.bean(PoolWiring.class);
        };
    }

    private static PoolWiring wiring(BreakerFactory breakers, List<OutcomeListener> listeners) {
        return new PoolWiring(breakers, listeners, List.of(), System::nanoTime, InstantSource.system());
    }

    @Benchmark
    @Threads(1)
    public Lease oneThread(Requests requests) {
        return acquireAndEnd(requests);
    }

    @Benchmark
    @Threads(2)
    public Lease twoThreads(Requests requests) {
        return acquireAndEnd(requests);
    }

    private Lease acquireAndEnd(Requests requests) {
        Lease lease = (Lease) pool.acquire(requests.next(), List.of());
        lease.headArrived(200);
        lease.complete();
        return lease;
    }
}
