package io.velo.testing;

import io.velo.backend.Backend;
import io.velo.backend.BackendSpec;
import io.velo.backend.BackendState;
import io.velo.backend.ConcurrencyLimit;
import io.velo.backend.Drained;
import io.velo.backend.Health;
import io.velo.backend.MembershipListener;
import io.velo.backend.Outcome;
import io.velo.backend.OutcomeListener;
import io.velo.backend.Reason;
import io.velo.backend.Transition;
import io.velo.backend.TransitionListener;
import io.velo.breaker.CircuitSettings;
import io.velo.breaker.TestBreakers;
import io.velo.pool.AffinityRule;
import io.velo.pool.Lease;
import io.velo.pool.Pick;
import io.velo.pool.Pool;
import io.velo.pool.PoolSpec;
import io.velo.pool.PoolWiring;
import io.velo.pool.RetryPolicy;
import io.velo.pool.StrategyRules;
import io.velo.strategy.HashRule;
import io.velo.strategy.StrategyContext;
import io.velo.strategy.StrategyFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** A pool with real breakers and strategies on a fake clock that remembers what its listeners were told. */
public final class TestPool implements TransitionListener, MembershipListener {

    private final FakeClock clock = new FakeClock();
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final Queue<Transition> transitions = new ConcurrentLinkedQueue<>();
    private final Queue<Boolean> panics = new ConcurrentLinkedQueue<>();
    private final Queue<Drained> drains = new ConcurrentLinkedQueue<>();
    private final Queue<String> departures = new ConcurrentLinkedQueue<>();
    private final Pool pool;

    private TestPool(Builder builder) {
        PoolSpec spec = new PoolSpec(
                "test",
                "roundrobin",
                StrategyRules.DEFAULT,
                builder.affinity,
                builder.backends,
                true,
                builder.thresholds,
                builder.maxEjected,
                builder.panicThreshold,
                builder.slowStart,
                builder.drainTimeout,
                builder.retry);
        this.pool = new Pool(
                spec,
                builder.strategy.create(new StrategyContext(builder.randomBelow, clock::nanos, builder.hash)),
                new PoolWiring(
                        TestBreakers.factory("test", builder.circuit, clock.timers()),
                        List.of((backend, outcome) -> outcomes.add(outcome), builder.listener),
                        List.of(this),
                        () -> List.of(this),
                        clock::nanos,
                        clock,
                        pool -> builder.concurrency,
                        builder.randomBelow));
    }

    /** A round-robin pool of weight 1 each with rise 2, fall 3, three failures in a row, and no cap on ejections. */
    public static Builder of(String... ids) {
        return of(Arrays.stream(ids).map(Backends::spec).toArray(BackendSpec[]::new));
    }

    /** The same from specifications. */
    public static Builder of(BackendSpec... backends) {
        return new Builder(List.of(backends));
    }

    /** The pool itself. */
    public Pool pool() {
        return pool;
    }

    public FakeClock clock() {
        return clock;
    }

    public Backend backend(String id) {
        return pool.backend(id).orElseThrow();
    }

    public BackendState state(String id) {
        return backend(id).state();
    }

    /** Asks for any backend. */
    public Pick acquire() {
        return pool.acquire(Picks.REQUEST, List.of());
    }

    /** Asks for any backend but these. */
    public Pick acquireBut(String... tried) {
        return pool.acquire(
                Picks.REQUEST, Arrays.stream(tried).map(this::backend).toList());
    }

    /** Asks for this backend and no other. */
    public Pick acquireOn(String id) {
        return acquireBut(pool.backends().stream()
                .map(Backend::id)
                .filter(other -> !other.equals(id))
                .toArray(String[]::new));
    }

    /** A request on this backend, which has to be eligible. */
    public Lease lease(String id) {
        return (Lease) acquireOn(id);
    }

    /** The backends of so many requests that end at once. */
    public List<String> serve(int requests) {
        return IntStream.range(0, requests)
                .mapToObj(i -> {
                    Lease lease = (Lease) acquire();
                    answer(lease, 200);
                    return lease.backend().id();
                })
                .toList();
    }

    /** So many requests on this backend fail, one after another. */
    public void fail(String id, int times) {
        for (int i = 0; i < times; i++) {
            lease(id).fail(Reason.CONNECTION_REFUSED);
        }
    }

    /** One request on this backend is answered. */
    public void answer(String id, int status) {
        answer(lease(id), status);
    }

    private static void answer(Lease lease, int status) {
        lease.headArrived(status);
        lease.complete();
    }

    /** So many probes of this backend pass. */
    public void pass(String id, int times) {
        IntStream.range(0, times).forEach(i -> pool.probed(backend(id), Backends.passed()));
    }

    /** So many probes of this backend don't. */
    public void miss(String id, int times) {
        IntStream.range(0, times).forEach(i -> pool.probed(backend(id), Backends.missed()));
    }

    public void advance(Duration time) {
        clock.advance(time);
    }

    public List<Outcome> outcomes() {
        return List.copyOf(outcomes);
    }

    public List<Transition> transitions() {
        return List.copyOf(transitions);
    }

    /** The transitions as {@code a UP>DOWN}. */
    public List<String> story() {
        return transitions.stream()
                .map(each -> each.backend() + " " + each.from() + ">" + each.to())
                .toList();
    }

    public List<Boolean> panics() {
        return List.copyOf(panics);
    }

    @Override
    public void changed(Transition transition) {
        transitions.add(transition);
    }

    public List<Drained> drains() {
        return List.copyOf(drains);
    }

    /** What members were told: {@code a overdue}, {@code a gone}. */
    public List<String> departures() {
        return List.copyOf(departures);
    }

    /** Gives the pool these backends and no others. */
    public void become(BackendSpec... backends) {
        become(pool.spec().withBackends(List.of(backends)));
    }

    public void become(PoolSpec spec) {
        pool.become(spec, () -> StrategyFactory.leastConnection().create(StrategyContext.of(bound -> 0)));
    }

    @Override
    public void drained(Drained drained) {
        drains.add(drained);
    }

    @Override
    public void overdue(Backend backend) {
        departures.add(backend.id() + " overdue");
    }

    @Override
    public void gone(Backend backend) {
        departures.add(backend.id() + " gone");
    }

    @Override
    public void panic(String name, boolean on) {
        panics.add(on);
    }

    /** What differs from the usual pool. */
    public static final class Builder {
        private final List<BackendSpec> backends;
        private StrategyFactory strategy = StrategyFactory.roundRobin();
        private CircuitSettings circuit = TestBreakers.DEFAULTS;
        private final Health.Thresholds thresholds = new Health.Thresholds(2, 3);
        private double maxEjected = 1;
        private double panicThreshold;
        private Duration slowStart = Duration.ZERO;
        private Duration drainTimeout = Duration.ofSeconds(30);
        private IntUnaryOperator randomBelow = bound -> 0;
        private HashRule hash = HashRule.DEFAULT;
        private AffinityRule affinity = AffinityRule.OFF;
        private OutcomeListener listener = (backend, outcome) -> {};
        private RetryPolicy retry = RetryPolicy.DEFAULT;
        private ConcurrencyLimit concurrency = ConcurrencyLimit.NONE;

        private Builder(List<BackendSpec> backends) {
            this.backends = backends;
        }

        public Builder strategy(StrategyFactory value) {
            strategy = value;
            return this;
        }

        public Builder randomBelow(IntUnaryOperator value) {
            randomBelow = value;
            return this;
        }

        public Builder affinity(AffinityRule value) {
            affinity = value;
            return this;
        }

        public Builder hash(HashRule value) {
            hash = value;
            return this;
        }

        public Builder circuit(CircuitSettings value) {
            circuit = value;
            return this;
        }

        public Builder maxEjected(double value) {
            maxEjected = value;
            return this;
        }

        public Builder panicThreshold(double value) {
            panicThreshold = value;
            return this;
        }

        public Builder slowStart(Duration value) {
            slowStart = value;
            return this;
        }

        public Builder drainTimeout(Duration value) {
            drainTimeout = value;
            return this;
        }

        public Builder retry(RetryPolicy value) {
            retry = value;
            return this;
        }

        /** The same for all its backends. */
        public Builder concurrency(ConcurrencyLimit value) {
            concurrency = value;
            return this;
        }

        public Builder outcomes(OutcomeListener value) {
            listener = value;
            return this;
        }

        public TestPool build() {
            return new TestPool(this);
        }
    }
}
