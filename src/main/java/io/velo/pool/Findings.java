package io.velo.pool;

import io.velo.backend.Backend;
import io.velo.backend.Health;
import io.velo.backend.ProbeResult;
import java.util.List;

/** What probes have found of one pool's backends. Called under the pool's lock, {@link #settled} apart. */
final class Findings {

    private final Standings standings;
    private volatile boolean settled;

    Findings(Standings standings) {
        this.standings = standings;
    }

    /** Takes in how a probe of a backend ended. */
    void add(Backend backend, ProbeResult result) {
        backend.remember(result);
        Health before = backend.standing().condition().health();
        Health after = before.after(result.passed(), standings.spec().thresholds());
        boolean cameBack = before.probed() && !before.healthy() && after.healthy();
        String cause = (result.passed() ? "probe passed: " : "probe missed: ") + result.detail();
        standings.change(
                backend,
                cause + stillEjected(backend, after),
                now -> standings.warmIf(cameBack, now.withHealth(after)));
    }

    /** What else holds a backend back that probes would let go. */
    private static String stillEjected(Backend backend, Health after) {
        return backend.lastEjection()
                .filter(ejection -> after.healthy())
                .map(ejection -> ", but ejected before: " + ejection.cause())
                .orElse("");
    }

    /** Whether at some time there was one of each backend; stays so when others join. For any thread. */
    boolean settled() {
        if (!settled && allProbed(standings.roster().backends())) {
            settled = true;
        }
        return settled;
    }

    private static boolean allProbed(List<Backend> backends) {
        return !backends.isEmpty()
                && backends.stream()
                        .allMatch(backend ->
                                backend.standing().condition().health().probed());
    }
}
