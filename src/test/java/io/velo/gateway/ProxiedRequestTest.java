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
import reactor.core.Disposable;
import reactor.core.Disposables;

/** How a request of the gateway lane ends, and the leases that it gets, whenever it gets them. */
class ProxiedRequestTest {

    private final TestPool pool = TestPool.of("a", "b").build();
    private final ProxiedRequest request =
            new ProxiedRequest("web", new ForwardedFor(false, "192.0.2.1", "192.0.2.1"), Optional.empty(), 0);

    private Lease lease(String backend) {
        return pool.lease(backend);
    }

    @Test
    void endsTheLeaseThatItHolds() {
        request.attempts().hold(lease("a"));

        RequestEnd end = request.cancelled(5);

        assertThat(end.kind()).isEqualTo(Outcome.Kind.ABORTED);
        assertThat(pool.outcomes()).containsExactly(new Outcome.Aborted(Reason.CLIENT_ABORTED, 0));
    }

    @Test
    void endsALeaseThatComesTooLate() {
        request.attempts().overdue(true);
        request.failed(5);

        request.attempts().hold(lease("a"));

        assertThat(pool.backend("a").inFlight()).isZero();
    }

    @Test
    void endsASecondOneThatTakesTheLeadTooLate() {
        request.attempts().hold(lease("a"));
        Lease second = lease("b");
        request.cancelled(5);

        request.attempts().lead(second, Optional.empty());

        assertThat(pool.backend("a").inFlight()).isZero();
        assertThat(pool.backend("b").inFlight()).isZero();
    }

    @Test
    void isCutShortIfTheBodyThatIsDueIsNotWhole() {
        request.attempts().hold(lease("a"));
        request.headArrived(200, Disposables.disposed());
        request.answer().bodyDue();

        assertThat(request.completed(200, 5).kind()).isEqualTo(Outcome.Kind.ABORTED);
        assertThat(pool.outcomes()).containsExactly(new Outcome.Aborted(Reason.CLIENT_ABORTED, 0));
    }

    @Test
    void countsAsWhatItsAnswerTurnsOutToBe() {
        request.attempts().hold(lease("a"));
        request.headArrived(200, Disposables.disposed());
        request.answer().bodyDue();
        request.turnedOut(503);
        request.answer().bodyComplete();

        assertThat(request.completed(200, 5).kind()).isEqualTo(Outcome.Kind.SERVER_ERROR);
        assertThat(pool.outcomes()).containsExactly(new Outcome.Answered(503, 0, 0));
    }

    @Test
    void forgetsWhatWentWrongWhenAFallbackPlacesItAnew() {
        Disposable.Swap connection = Disposables.swap();
        request.attempts().hold(lease("a"));
        request.headArrived(500, connection);
        request.answer().bodyDue();

        request.enter("other");
        request.attempts().hold(lease("a"));
        request.headArrived(200, Disposables.disposed());
        RequestEnd end = request.completed(200, 5);

        assertThat(connection.isDisposed()).isTrue();
        assertThat(end.kind()).isEqualTo(Outcome.Kind.SUCCESS);
        assertThat(end.pool()).isEqualTo("other");
        assertThat(end.reason()).isEmpty();
        assertThat(pool.outcomes()).containsExactly(new Outcome.Answered(500, 0, 0), new Outcome.Answered(200, 0, 0));
    }

    @Test
    void keepsTheEndOfItsTimeAsTheReason() {
        request.attempts().hold(lease("a"));

        request.attempts().overdue(false);
        request.attempts().aborted(Reason.CLIENT_ABORTED);
        RequestEnd end = request.failed(5);

        assertThat(end.kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(end.reason()).contains(Reason.HTTP_RESPONSE_TIMEOUT);
        assertThat(pool.outcomes()).containsExactly(new Outcome.Failed(Reason.HTTP_RESPONSE_TIMEOUT, 0));
    }

    @Test
    void blamesABackendForWhatItFailedIn() {
        request.attempts().hold(lease("a"));
        request.attempts().failed(new FailedRequestException(Reason.CONNECTION_TERMINATED, null));

        request.attempts().hold(lease("b"));
        request.attempts().failed(new FailedRequestException(Reason.REQUEST_TOO_LARGE, null));

        assertThat(pool.outcomes())
                .containsExactly(
                        new Outcome.Failed(Reason.CONNECTION_TERMINATED, 0),
                        new Outcome.Aborted(Reason.REQUEST_TOO_LARGE, 0));
    }
}
