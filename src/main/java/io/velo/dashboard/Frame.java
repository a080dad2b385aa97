package io.velo.dashboard;

import io.velo.backend.Backend;
import io.velo.backend.Why;
import io.velo.dashboard.Happenings.Happening;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * All that the page shows of one moment. Immutable.
 *
 * @param sample number of the sample that the figures are from; frames in between tell of changes of state
 * @param happenings the latest, the oldest first
 */
record Frame(long sample, Instant at, List<PoolRow> pools, List<Happening> happenings) {

    /**
     * A pool.
     *
     * @param reasons why requests have failed in the last quarter of an hour, and how many
     * @param beside what it has beside its backends
     */
    record PoolRow(
            String name,
            String strategy,
            int eligible,
            boolean panic,
            Figures figures,
            Map<String, Long> reasons,
            Beside beside,
            List<BackendRow> backends) {

        int inFlight() {
            return backends.stream().mapToInt(BackendRow::inFlight).sum();
        }
    }

    /**
     * A backend.
     *
     * @param reason what brought the state about
     * @param why all that bears on it, in a few sentences
     */
    record BackendRow(
            String id,
            URI url,
            String state,
            String reason,
            Instant since,
            String why,
            boolean draining,
            int inFlight,
            int weight,
            int maxInFlight,
            String zone,
            int priority,
            Figures figures) {

        static BackendRow of(Backend backend, Figures figures) {
            Why why = Why.of(backend);
            return new BackendRow(
                    backend.id(),
                    backend.spec().uri(),
                    why.state().word(),
                    why.cause(),
                    why.since(),
                    why.sentence(),
                    backend.standing().condition().draining(),
                    backend.inFlight(),
                    backend.spec().weight(),
                    backend.spec().maxInFlight(),
                    backend.spec().zone(),
                    backend.spec().priority(),
                    figures);
        }
    }
}
