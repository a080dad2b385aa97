package io.velo.wire;

import static io.velo.testing.Backends.capped;
import static io.velo.testing.TestRequest.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.pool.Line;
import io.velo.testing.TestPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A request that waits until a backend has room for it. */
class RoomTest {

    private final LoopTime time = new LoopTime();
    private final TestPool test = TestPool.of(capped("a", 1)).build();
    private final Line line = test.pool().line();
    private final Lease taken = test.lease("a");
    private final List<String> told = new ArrayList<>();
    private final List<Lease> leases = new ArrayList<>();

    private Room wait(int most) {
        Room room = new Room(time.eventLoop(), new Room.Guest() {
            @Override
            public void served(Lease lease) {
                told.add("served");
                leases.add(lease);
            }

            @Override
            public void turnedAway() {
                told.add("turned away");
            }
        });
        room.await(line, get("/"), most, Duration.ofSeconds(2));
        return room;
    }

    private void assertNobodyWaits() {
        assertThat(line.length()).isZero();
        time.advance(Duration.ofSeconds(10));
        time.run();
        assertThat(told).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void isServedOnTheEventLoopWhenABackendHasRoom() {
        wait(1);
        assertThat(told).isEmpty();

        taken.complete();
        assertThat(told).as("on this thread").isEmpty();
        time.run();

        assertThat(told).containsExactly("served");
        assertThat(leases.get(0).ended()).isFalse();
        assertNobodyWaits();
    }

    @Test
    void isTurnedAwayAtOnceWhereTooManyWait() {
        wait(0);

        assertThat(told).containsExactly("turned away");
        assertNobodyWaits();
    }

    @Test
    void isTurnedAwayWhenItTakesTooLong() {
        wait(1);

        time.advance(Duration.ofSeconds(2).minusNanos(1));
        assertThat(told).isEmpty();
        time.advance(Duration.ofNanos(1));

        assertThat(told).containsExactly("turned away");
        taken.complete();
        assertNobodyWaits();
        assertThat(test.backend("a").inFlight()).isZero();
    }

    @Test
    void hearsNothingOnceItHasLeft() {
        Room room = wait(1);

        room.leave();
        room.leave();

        taken.complete();
        assertNobodyWaits();
        assertThat(told).isEmpty();
    }

    @Test
    void givesBackWhatComesAfterItHasLeft() {
        Room room = wait(1);
        taken.complete();

        room.leave();
        time.run();

        assertThat(told).isEmpty();
        assertThat(test.backend("a").inFlight()).isZero();
        assertThat(test.outcomes()).hasSize(2);
        assertThat(test.outcomes().get(1).reason()).contains(Reason.CLIENT_ABORTED);
    }
}
