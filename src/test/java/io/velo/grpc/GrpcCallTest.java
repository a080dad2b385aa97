package io.velo.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcCallTest {

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc+proto", "Application/GRPC; charset=utf-8"})
    void isAnyFormatOfMessages(String contentType) {
        assertThat(GrpcCall.is(contentType)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "application/json", "application/grpc-web", "application/grpc-web+proto", "application/grp"})
    void isNothingElse(String contentType) {
        assertThat(GrpcCall.is(contentType)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "1H, PT1H",
        "2M, PT2M",
        "99999999S, PT99999999S",
        "250m, PT0.25S",
        "1500u, PT0.0015S",
        "1n, PT0.000000001S",
        "0m, PT0S"
    })
    void readsHowLongAClientWaits(String field, Duration timeout) {
        assertThat(GrpcCall.timeout(field)).contains(timeout);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "1", "1s", "-1S", "1.5S", "123456789S", " 1S", "1 S", "٣S"})
    void leavesWhatIsMalformedToTheBackend(String field) {
        assertThat(GrpcCall.timeout(field)).isEmpty();
    }

    @Test
    void knowsNoLongerTimeThanAHundredYears() {
        assertThat(GrpcCall.timeout("99999999H")).contains(Duration.ofDays(36_500));
    }
}
