package io.velo.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.velo.backend.Health.Thresholds;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("S13: health has thresholds to rise and to fall")
class HealthTest {

    private static final Thresholds RISE_2_FALL_3 = new Thresholds(2, 3);

    @Nested
    class BeforeTheFirstProbe {

        @Test
        void countsAsHealthy() {
            assertThat(Health.UNKNOWN.healthy()).isTrue();
            assertThat(Health.UNKNOWN.probed()).isFalse();
        }

        @Test
        void oneMissDecidesAlone() {
            assertThat(after(Health.UNKNOWN, "-")).isEqualTo(new Health(false, true, 0));
        }

        @Test
        void onePassDecidesAlone() {
            assertThat(after(Health.UNKNOWN, "+")).isEqualTo(new Health(true, true, 0));
        }
    }

    @Nested
    class WhenHealthy {

        @Test
        void staysSoBelowFall() {
            assertThat(after(Health.ASSUMED, "--")).isEqualTo(new Health(true, true, 2));
        }

        @Test
        void fallsAtTheThirdMissInARow() {
            assertThat(after(Health.ASSUMED, "---")).isEqualTo(new Health(false, true, 0));
        }

        @Test
        void aPassBetweenForgetsTheMisses() {
            assertThat(after(Health.ASSUMED, "--+--")).isEqualTo(new Health(true, true, 2));
        }

        @Test
        void passesChangeNothing() {
            assertThat(after(Health.ASSUMED, "+++")).isSameAs(Health.ASSUMED);
        }
    }

    @Nested
    class WhenUnhealthy {

        private final Health unhealthy = new Health(false, true, 0);

        @Test
        void staysSoBelowRise() {
            assertThat(after(unhealthy, "+")).isEqualTo(new Health(false, true, 1));
        }

        @Test
        void risesAtTheSecondPassInARow() {
            assertThat(after(unhealthy, "++")).isEqualTo(new Health(true, true, 0));
        }

        @Test
        void aMissBetweenForgetsThePasses() {
            assertThat(after(unhealthy, "+-+")).isEqualTo(new Health(false, true, 1));
        }

        @Test
        void hasToFallAllTheWayAgainAfterItRose() {
            assertThat(after(unhealthy, "++--").healthy()).isTrue();
            assertThat(after(unhealthy, "++---").healthy()).isFalse();
        }
    }

    @Test
    void withThresholdsOfOneEachProbeDecides() {
        Health health = Health.ASSUMED.after(false, new Thresholds(1, 1));

        assertThat(health.healthy()).isFalse();
        assertThat(health.after(true, new Thresholds(1, 1)).healthy()).isTrue();
    }

    @Test
    void refusesThresholdsBelowOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Thresholds(0, 3))
                .withMessageContaining("rise 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Thresholds(2, 0))
                .withMessageContaining("fall 0");
    }

    private static Health after(Health health, String probes) {
        for (char probe : probes.toCharArray()) {
            health = health.after(probe == '+', RISE_2_FALL_3);
        }
        return health;
    }
}
