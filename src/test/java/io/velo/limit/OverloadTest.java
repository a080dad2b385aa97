package io.velo.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.route.Priority;
import io.velo.testing.TestRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OverloadTest {

    private static final TestRequest REQUEST = TestRequest.get("/");
    private static final long LATE = 101;

    private final AtomicInteger draws = new AtomicInteger();
    private final Overload overload =
            new Overload(new OverloadRule(100, 0.9, "X-Priority"), bound -> Math.floorMod(draws.getAndAdd(7), bound));

    private void look(int times, long lag) {
        for (int i = 0; i < times; i++) {
            overload.observe(lag, 0);
        }
    }

    /** Of a thousand requests of each priority, in hundreds. */
    private List<Long> shedOf() {
        List<Long> shed = new ArrayList<>();
        for (Priority priority : Priority.values()) {
            long some = 0;
            for (int i = 0; i < 1000; i++) {
                some += overload.sheds(priority, false, REQUEST) ? 1 : 0;
            }
            shed.add(Math.round(some / 100.0));
        }
        return shed;
    }

    @Test
    void turnsNobodyAwayWithoutNeed() {
        look(100, 100);

        assertThat(shedOf()).containsExactly(0L, 0L, 0L);
        assertThat(overload.pressure()).isZero();
    }

    @Test
    void turnsAwayTheLeastUrgentFirst() {
        look(5, LATE);
        assertThat(shedOf()).containsExactly(8L, 0L, 0L);
        look(5, LATE);
        assertThat(shedOf()).containsExactly(10L, 5L, 0L);
        look(5, LATE);
        assertThat(shedOf()).containsExactly(10L, 10L, 3L);
        look(100, LATE);
        assertThat(shedOf()).containsExactly(10L, 10L, 10L);
    }

    @Test
    void isOverInTwoSecondsOfTenLooksEach() {
        look(100, LATE);
        look(19, 0);
        assertThat(overload.pressure()).isPositive();
        assertThat(overload.observe(0, 0)).isTrue();

        assertThat(overload.pressure()).isZero();
        assertThat(shedOf()).containsExactly(0L, 0L, 0L);
    }

    @Test
    void tellsWhenItBeginsAndEnds() {
        assertThat(overload.observe(LATE, 0)).isTrue();
        assertThat(overload.observe(LATE, 0)).isFalse();
        assertThat(overload.observe(0, 0)).isFalse();
        assertThat(overload.observe(0, 0)).isTrue();
        assertThat(overload.observe(0, 0)).isFalse();
    }

    @Test
    void watchesTheMemoryToo() {
        assertThat(overload.observe(0, 0.9)).isFalse();
        assertThat(overload.observe(0, 0.91)).isTrue();
    }

    @Test
    void believesTrustedPeersHowUrgentARequestIs() {
        look(6, LATE); // low ones go one and all or nearly so, others stay

        assertThat(sheds(true, "low")).contains(true);
        assertThat(sheds(true, "high")).containsOnly(false);
        assertThat(sheds(true, "whatever")).containsOnly(false);
        assertThat(sheds(false, "low")).containsOnly(false);
    }

    private List<Boolean> sheds(boolean trusted, String priority) {
        Boolean[] shed = new Boolean[100];
        Arrays.setAll(shed, i -> overload.sheds(Priority.NORMAL, trusted, REQUEST.with("X-Priority", priority)));
        return List.of(shed);
    }
}
