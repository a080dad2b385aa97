package io.velo.backend;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;

/** All combinations; there are few enough. */
class ConditionTest {

    @Property(generation = GenerationMode.EXHAUSTIVE)
    void drainOutranksHealthOutranksTheBreakerOutranksSlowStart(
            @ForAll boolean draining, @ForAll boolean healthy, @ForAll Circuit circuit, @ForAll boolean warming) {
        BackendState state = condition(draining, healthy, circuit, warming).state();

        assertThat(state == BackendState.DRAINING).isEqualTo(draining);
        assertThat(state == BackendState.DOWN).isEqualTo(!draining && !healthy);
        assertThat(state == BackendState.EJECTED).isEqualTo(!draining && healthy && circuit == Circuit.OPEN);
        assertThat(state == BackendState.TRIAL).isEqualTo(!draining && healthy && circuit == Circuit.HALF_OPEN);
        assertThat(state == BackendState.WARMING)
                .isEqualTo(!draining && healthy && circuit == Circuit.CLOSED && warming);
        assertThat(state == BackendState.UP).isEqualTo(!draining && healthy && circuit == Circuit.CLOSED && !warming);
    }

    @Property(generation = GenerationMode.EXHAUSTIVE)
    void eachChangeTouchesItsOwnPartOnly(
            @ForAll boolean draining, @ForAll boolean healthy, @ForAll Circuit circuit, @ForAll boolean warming) {
        Condition condition = condition(draining, healthy, circuit, warming);
        Health other = new Health(!healthy, true, 0);

        assertThat(condition.withDraining(!draining))
                .isEqualTo(new Condition(!draining, condition.health(), circuit, warming));
        assertThat(condition.withHealth(other)).isEqualTo(new Condition(draining, other, circuit, warming));
        assertThat(condition.withWarming(!warming))
                .isEqualTo(new Condition(draining, condition.health(), circuit, !warming));
        for (Circuit next : Circuit.values()) {
            assertThat(condition.withCircuit(next))
                    .isEqualTo(new Condition(draining, condition.health(), next, warming));
        }
    }

    @Property(generation = GenerationMode.EXHAUSTIVE)
    void onlyThoseInServiceAreEligible(@ForAll BackendState state) {
        boolean inService = state == BackendState.UP || state == BackendState.WARMING || state == BackendState.TRIAL;

        assertThat(state.eligible()).isEqualTo(inService);
    }

    private static Condition condition(boolean draining, boolean healthy, Circuit circuit, boolean warming) {
        return new Condition(draining, new Health(healthy, true, 0), circuit, warming);
    }
}
