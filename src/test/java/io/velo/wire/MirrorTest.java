package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.pool.Pools;
import io.velo.wire.MirrorListener.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MirrorTest {

    private final List<String> told = new ArrayList<>();
    private int drawn;
    private final Mirrors mirrors = new Mirrors(
            () -> new Pools(List.of()),
            bound -> drawn,
            () -> List.of((pool, mirror, result) -> told.add(pool + ">" + mirror + " " + result.word())));

    private Mirror mirror(double percent, int maxInFlight) {
        mirrors.swap(Map.of("a", new MirrorSettings("b", percent, maxInFlight, 10)));
        return mirrors.of("a").orElseThrow();
    }

    @Test
    void takesItsShare() {
        Mirror mirror = mirror(0.5, 10);
        drawn = 49;
        assertThat(mirror.tryBegin()).isTrue();
        drawn = 50;
        assertThat(mirror.tryBegin()).isFalse();

        assertThat(mirror.inFlight()).isEqualTo(1);
        assertThat(told).isEmpty();
    }

    @Test
    void takesNothingOfNothingAndAllOfAll() {
        drawn = 9999;
        assertThat(mirror(100, 1).tryBegin()).isTrue();
        drawn = 0;
        assertThat(mirror(0, 1).tryBegin()).isFalse();
    }

    @Test
    void dropsWhatIsBeyondTheBound() {
        Mirror mirror = mirror(100, 2);
        assertThat(mirror.tryBegin()).isTrue();
        assertThat(mirror.tryBegin()).isTrue();
        assertThat(mirror.tryBegin()).isFalse();
        assertThat(told).containsExactly("a>b dropped");

        mirror.ended(Result.ANSWERED);

        assertThat(mirror.inFlight()).isEqualTo(1);
        assertThat(mirror.tryBegin()).isTrue();
        assertThat(told).containsExactly("a>b dropped", "a>b answered");
    }

    @Test
    void staysTheSameWhileItsSettingsDo() {
        Mirror first = mirror(100, 2);

        assertThat(mirror(100, 2)).isSameAs(first);
        assertThat(mirror(100, 3)).isNotSameAs(first);
        mirrors.swap(Map.of());
        assertThat(mirrors.any()).isFalse();
        assertThat(mirrors.of("a")).isEmpty();
    }
}
