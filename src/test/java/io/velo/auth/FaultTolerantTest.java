package io.velo.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.access.Authenticator;
import io.velo.access.Evidence;
import io.velo.access.Mechanism;
import io.velo.testing.TestRequest;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FaultTolerantTest {

    private final CompletableFuture<Evidence> answer = new CompletableFuture<>();

    @Test
    void takesAFaultForUnavailability() {
        Authenticator faulty = request -> {
            throw new IllegalStateException("a fault");
        };

        assertThat(examinedBy(faulty)).isEqualTo(Evidence.UNAVAILABLE);
    }

    @Test
    void takesAFaultThatComesLateForUnavailability() {
        Evidence.Later later = (Evidence.Later) examinedBy(request -> new Evidence.Later(answer));

        answer.completeExceptionally(new IllegalStateException("a fault"));

        assertThat(later.found()).isCompletedWithValue(Evidence.UNAVAILABLE);
    }

    @Test
    void passesOnWhatItIsTold() {
        Evidence.Later later = (Evidence.Later) examinedBy(request -> new Evidence.Later(answer));

        answer.complete(Evidence.WRONG);

        assertThat(later.found()).isCompletedWithValue(Evidence.WRONG);
        assertThat(examinedBy(request -> Evidence.NOTHING)).isEqualTo(Evidence.NOTHING);
    }

    private static Evidence examinedBy(Authenticator actual) {
        return new FaultTolerant(Mechanism.JWT, actual).examine(TestRequest.get("/"));
    }
}
