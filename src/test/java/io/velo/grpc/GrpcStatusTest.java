package io.velo.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Reason;
import io.velo.http.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcStatusTest {

    @ParameterizedTest
    @EnumSource
    void isReadFromItsCode(GrpcStatus status) {
        assertThat(GrpcStatus.parse(Integer.toString(status.code()))).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "17", "99", "-1", "1x", "x", "014"})
    void isUnknownIfThereIsNoSuchCode(String value) {
        assertThat(GrpcStatus.parse(value)).isEqualTo(GrpcStatus.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "DESTINATION_NOT_FOUND, 12",
        "DESTINATION_UNAVAILABLE, 14",
        "CIRCUIT_OPEN, 14",
        "CONNECTION_LIMIT_REACHED, 14",
        "CONNECTION_REFUSED, 14",
        "DESTINATION_IP_UNROUTABLE, 14",
        "DNS_ERROR, 14",
        "CONNECTION_TIMEOUT, 14",
        "CONNECTION_TERMINATED, 14",
        "HTTP_PROTOCOL_ERROR, 13",
        "HTTP_RESPONSE_TIMEOUT, 4",
        "TLS_PROTOCOL_ERROR, 14",
        "TLS_CERTIFICATE_ERROR, 14",
        "HTTP_REQUEST_ERROR, 13",
        "HTTP_REQUEST_DENIED, 8",
        "PROXY_INTERNAL_ERROR, 13"
    })
    void tellsOfVelosOwnFailures(Reason reason, int code) {
        assertThat(GrpcStatus.of(Problem.of(reason)).code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"401, 16", "403, 7", "404, 12", "413, 8", "431, 13"})
    void goesByTheStatusWhereAReasonHasSeveral(int status, int code) {
        assertThat(GrpcStatus.of(new Problem(status, Reason.HTTP_REQUEST_ERROR)).code())
                .isEqualTo(code);
    }

    @Test
    void isToldWithTheWordAndASentence() {
        GrpcFailure failure = GrpcFailure.of(Problem.of(Reason.CIRCUIT_OPEN));

        assertThat(failure.status()).isEqualTo(GrpcStatus.UNAVAILABLE);
        assertThat(failure.encodedMessage())
                .isEqualTo("circuit_open: The backends failed too often and are given a rest.");
    }

    @Test
    void hasAMessageOfPrintableCharacters() {
        assertThat(new GrpcFailure(GrpcStatus.INTERNAL, "100 %\t\u00fc\u65e5!~").encodedMessage())
                .isEqualTo("100 %25%09%C3%BC%E6%97%A5!~");
    }
}
