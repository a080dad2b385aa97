package io.velo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TallyTest {

    private static final List<Double> BOUNDS = List.of(10.0, 20.0, 40.0);

    @Test
    void addsUp() {
        Tally sum = new Tally(3, 1, BOUNDS, List.of(1L, 2L, 3L), Map.of("dns_error", 1L))
                .plus(new Tally(2, 2, BOUNDS, List.of(0L, 0L, 2L), Map.of("dns_error", 1L, "server_error", 1L)));

        assertThat(sum)
                .isEqualTo(new Tally(5, 3, BOUNDS, List.of(1L, 2L, 5L), Map.of("dns_error", 2L, "server_error", 1L)));
    }

    @Test
    void tellsWhatHasComeSince() {
        Tally earlier = new Tally(3, 1, BOUNDS, List.of(1L, 2L, 3L), Map.of("dns_error", 1L));
        Tally later = new Tally(5, 1, BOUNDS, List.of(2L, 4L, 5L), Map.of("dns_error", 1L));

        assertThat(later.minus(earlier)).isEqualTo(new Tally(2, 0, BOUNDS, List.of(1L, 2L, 2L), Map.of()));
    }

    @Test
    void isNeverLessThanNothing() {
        Tally begunAnew = new Tally(1, 0, BOUNDS, List.of(1L, 1L, 1L), Map.of());

        assertThat(begunAnew.minus(new Tally(9, 2, BOUNDS, List.of(5L, 9L, 9L), Map.of("dns_error", 2L))))
                .isEqualTo(new Tally(0, 0, BOUNDS, List.of(0L, 0L, 0L), Map.of()));
    }

    @Test
    void reckonsPercentilesInsideTheBucket() {
        Tally tally = new Tally(100, 0, BOUNDS, List.of(50L, 90L, 100L), Map.of());

        assertThat(tally.quantile(0.5).orElseThrow()).isCloseTo(10, within(1e-9));
        assertThat(tally.quantile(0.7).orElseThrow()).isCloseTo(15, within(1e-9));
        assertThat(tally.quantile(0.99).orElseThrow()).isCloseTo(38, within(1e-9));
        assertThat(tally.quantile(1).orElseThrow()).isCloseTo(40, within(1e-9));
    }

    @Test
    void hasNoPercentileOfNothing() {
        assertThat(Tally.NOTHING.quantile(0.5)).isEmpty();
        assertThat(new Tally(0, 0, BOUNDS, List.of(0L, 0L, 0L), Map.of()).quantile(0.5))
                .isEmpty();
    }

    @Test
    void makesRates() {
        Figures figures = Figures.of(
                new Tally(100, 3, BOUNDS, List.of(50L, 90L, 100L), Map.of("dns_error", 3L)), Duration.ofSeconds(2));

        assertThat(figures.rate()).isEqualTo(50);
        assertThat(figures.failed()).isEqualTo(1.5);
        assertThat(figures.p90()).hasValue(20);
        assertThat(Figures.of(Tally.NOTHING, Duration.ofSeconds(2))).isEqualTo(Figures.QUIET);
    }
}
