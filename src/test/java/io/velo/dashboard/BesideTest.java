package io.velo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.change.Searches;
import io.velo.change.Searches.Status;
import io.velo.dashboard.Beside.MirrorRow;
import io.velo.pool.Canaries;
import io.velo.pool.CanaryFigures;
import io.velo.pool.CanaryKey;
import io.velo.pool.CanaryPlan;
import io.velo.pool.CanaryWiring;
import io.velo.pool.Pools;
import io.velo.testing.FakeClock;
import io.velo.wire.MirrorSettings;
import io.velo.wire.Mirrors;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BesideTest {

    private static final Status SEARCH =
            new Status("dns://web.test:80", 0, Optional.empty(), Optional.of("no such name"));

    /** For pools that have nothing beside their backends. */
    static final Beside.Sources NOTHING = sources(pool -> List.of());

    private static Beside.Sources sources(Searches searches) {
        FakeClock clock = new FakeClock();
        Canaries canaries = new Canaries(new CanaryWiring(bound -> 0, clock::nanos, clock, List::of));
        return new Beside.Sources(canaries, new Mirrors(() -> new Pools(List.of()), bound -> 0, List::of), searches);
    }

    @Test
    void isNothingForAPoolOfBackendsAlone() {
        assertThat(NOTHING.of("own")).isEqualTo(new Beside(Optional.empty(), Optional.empty(), List.of()));
    }

    @Test
    void tellsOfThePoolThatIsAskedForOnly() {
        Beside.Sources sources = sources(pool -> pool.equals("own") ? List.of(SEARCH) : List.of());
        CanaryPlan.Guard guard = new CanaryPlan.Guard(2, 100, Duration.ofSeconds(60));
        sources.canaries().swap(Map.of("own", new CanaryPlan("next", 5, CanaryKey.parse("cookie"), guard)));
        sources.mirrors().swap(Map.of("own", new MirrorSettings("shadow", 50, 100, 0)));

        Beside own = sources.of("own");

        assertThat(own.canary().orElseThrow())
                .isEqualTo(new Beside.CanaryRow(
                        "next", 5, new CanaryFigures(0, 0), new CanaryFigures(0, 0), Optional.empty()));
        assertThat(own.mirror()).contains(new MirrorRow("shadow", 50, 0, 100));
        assertThat(own.discovery()).containsExactly(SEARCH);
        assertThat(sources.of("other")).isEqualTo(NOTHING.of("other"));
    }
}
