package io.velo.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutcomeTest {

    @ParameterizedTest
    @CsvSource({
        "101, success",
        "200, success",
        "302, success",
        "399, success",
        "400, client_error",
        "404, client_error",
        "499, client_error",
        "500, server_error",
        "503, server_error",
        "599, server_error"
    })
    void anAnswerIsWhatItsStatusSays(int status, String kind) {
        Outcome outcome = new Outcome.Answered(status, 20, 10);

        assertThat(outcome.kind().word()).isEqualTo(kind);
        assertThat(outcome.reason()).isEmpty();
        assertThat(outcome.kind().failure()).isEqualTo(status >= 500);
    }

    @Test
    void aFailureLetsTheClientDownAndTellsWhy() {
        Outcome outcome = new Outcome.Failed(Reason.CONNECTION_REFUSED, 20);

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(outcome.kind().failure()).isTrue();
        assertThat(outcome.reason()).contains(Reason.CONNECTION_REFUSED);
    }

    @Test
    void anAbortIsNoFailure() {
        Outcome outcome = new Outcome.Aborted(Reason.CLIENT_ABORTED, 20);

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.ABORTED);
        assertThat(outcome.kind().failure()).isFalse();
        assertThat(outcome.reason()).contains(Reason.CLIENT_ABORTED);
    }
}
