package io.velo.discovery;

import io.velo.change.FoundBackend;
import java.time.Duration;
import java.util.List;

/**
 * What one look has found.
 *
 * @param goodFor how long it holds
 */
record Sighting(List<FoundBackend> backends, Duration goodFor) {
    Sighting {
        backends = List.copyOf(backends);
    }

    /** The same, holding for a time that is no longer than that. */
    Sighting noLongerThan(long seconds) {
        Duration most = Duration.ofSeconds(seconds);
        return goodFor.compareTo(most) <= 0 ? this : new Sighting(backends, most);
    }
}
