package io.velo.pool;

import io.velo.backend.Backend;
import io.velo.backend.BackendSpec;
import io.velo.backend.BackendState;
import io.velo.backend.Reason;
import io.velo.strategy.Candidate;
import java.util.List;

/**
 * What requests see of a pool: who is eligible now. Immutable.
 *
 * @param candidates the eligible backends with their weights; in panic all that aren't draining
 * @param members all backends that have a weight, eligible or not
 * @param eligible how many are eligible by health, breaker and weight
 * @param panic whether health and breakers are ignored, because too few are eligible
 * @param none why nothing can be picked, for when nothing can
 */
record Snapshot(List<Candidate> candidates, List<BackendSpec> members, int eligible, boolean panic, Pick.None none) {

    /** Shares are reckoned in twentieths while a backend warms up, so that it can have less than a share. */
    private static final int STEPS = 20;

    private static final double FLOOR = 0.1;

    /** Shares such as 0.07 of 100 come out a hair above the whole number. */
    private static final double ROUNDING = 1e-9;

    static Snapshot of(PoolSpec spec, List<Backend> backends, long nowNanos) {
        List<Backend> eligible = backends.stream().filter(Snapshot::eligible).toList();
        long inService = backends.stream().filter(Snapshot::inService).count();
        boolean panic = eligible.size() < spec.panicThreshold() * inService - ROUNDING;
        List<Backend> chosen =
                panic ? backends.stream().filter(Snapshot::inService).toList() : eligible;
        boolean warming = !panic && chosen.stream().anyMatch(backend -> backend.state() == BackendState.WARMING);
        List<Candidate> candidates = chosen.stream()
                .map(backend -> new Candidate(
                        backend,
                        warming
                                ? share(spec, backend, nowNanos)
                                : backend.spec().weight()))
                .toList();
        List<BackendSpec> members = backends.stream()
                .map(Backend::spec)
                .filter(each -> each.weight() > 0)
                .toList();
        return new Snapshot(candidates, members, eligible.size(), panic, new Pick.None(whyNone(backends)));
    }

    private static boolean eligible(Backend backend) {
        return backend.state().eligible() && backend.spec().weight() > 0;
    }

    private static boolean inService(Backend backend) {
        return backend.state() != BackendState.DRAINING && backend.spec().weight() > 0;
    }

    /** Weight in twentieths: Envoy's linear ramp, {@code weight × max(10 %, time / window)}. */
    private static int share(PoolSpec spec, Backend backend, long nowNanos) {
        int whole = backend.spec().weight() * STEPS;
        if (backend.state() != BackendState.WARMING) {
            return whole;
        }
        double warmed = (nowNanos - backend.standing().sinceNanos())
                / (double) Math.max(1, spec.slowStart().toNanos());
        return (int) Math.max(1, Math.round(whole * Math.min(1, Math.max(FLOOR, warmed))));
    }

    /** Ejections count only if probes and the operator would let a backend take requests: then the circuit is to blame. */
    private static Reason whyNone(List<Backend> backends) {
        boolean ejected = backends.stream()
                .anyMatch(backend -> backend.state() == BackendState.EJECTED || backend.state() == BackendState.TRIAL);
        return ejected ? Reason.CIRCUIT_OPEN : Reason.DESTINATION_UNAVAILABLE;
    }
}
