package io.velo.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.http.ForwardedFor;
import io.velo.pool.Lease;
import io.velo.route.RequestEnd;
import io.velo.testing.TestPool;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How a request of the gateway lane ends the leases that it gets, whenever it gets them. */
class ProxiedRequestTest {

    private final TestPool pool = TestPool.of("a", "b").build();
    private final ProxiedRequest request =
            new ProxiedRequest("web", new ForwardedFor(false, "192.0.2.1", "192.0.2.1"), Optional.empty(), 0);

    private Lease lease(String backend) {
        return pool.lease(backend);
    }

    @Test
    void endsTheLeaseThatItHolds() {
        request.hold(lease("a"));

        RequestEnd end = request.cancelled(5);

        assertThat(end.kind()).isEqualTo(Outcome.Kind.ABORTED);
        assertThat(pool.outcomes()).containsExactly(new Outcome.Aborted(Reason.CLIENT_ABORTED, 0));
    }

    @Test
    void endsALeaseThatComesTooLate() {
        request.overdue(true);
        request.failed(5);

        request.hold(lease("a"));

        assertThat(pool.backend("a").inFlight()).isZero();
    }

    @Test
    void endsASecondOneThatTakesTheLeadTooLate() {
        request.hold(lease("a"));
        Lease second = lease("b");
        request.cancelled(5);

        request.lead(second, Optional.empty());

        assertThat(pool.backend("a").inFlight()).isZero();
        assertThat(pool.backend("b").inFlight()).isZero();
    }

    @Test
    void blamesABackendForWhatItFailedIn() {
        request.hold(lease("a"));
        request.attemptFailed(new FailedRequestException(Reason.CONNECTION_TERMINATED, null));

        request.hold(lease("b"));
        request.attemptFailed(new FailedRequestException(Reason.REQUEST_TOO_LARGE, null));

        assertThat(pool.outcomes())
                .containsExactly(
                        new Outcome.Failed(Reason.CONNECTION_TERMINATED, 0),
                        new Outcome.Aborted(Reason.REQUEST_TOO_LARGE, 0));
    }
}
