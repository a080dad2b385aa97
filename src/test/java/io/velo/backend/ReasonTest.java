package io.velo.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The closed list of what clients see, as the documentation promises it. */
class ReasonTest {

    @Test
    void eachHasTheStatusAndTheErrorTypeThatAreDocumented() {
        assertThat(Reason.values())
                .extracting(Reason::word, Reason::status, Reason::error)
                .containsExactlyInAnyOrder(
                        tuple("destination_not_found", 404, "destination_not_found"),
                        tuple("destination_unavailable", 503, "destination_unavailable"),
                        tuple("circuit_open", 503, "destination_unavailable"),
                        tuple("connection_limit_reached", 503, "connection_limit_reached"),
                        tuple("connection_refused", 502, "connection_refused"),
                        tuple("destination_ip_unroutable", 502, "destination_ip_unroutable"),
                        tuple("dns_error", 502, "dns_error"),
                        tuple("connection_timeout", 504, "connection_timeout"),
                        tuple("connection_terminated", 502, "connection_terminated"),
                        tuple("http_protocol_error", 502, "http_protocol_error"),
                        tuple("http_response_timeout", 504, "http_response_timeout"),
                        tuple("tls_protocol_error", 502, "tls_protocol_error"),
                        tuple("tls_certificate_error", 502, "tls_certificate_error"),
                        tuple("http_response_incomplete", 502, "http_response_incomplete"),
                        tuple("http_request_error", 400, "http_request_error"),
                        tuple("request_too_large", 413, "http_request_error"),
                        tuple("overloaded", 503, "connection_limit_reached"),
                        tuple("http_request_denied", 429, "http_request_denied"),
                        tuple("unauthenticated", 401, "http_request_denied"),
                        tuple("forbidden", 403, "http_request_denied"),
                        tuple("authentication_unavailable", 503, "http_request_denied"),
                        tuple("client_aborted", 499, "client_aborted"),
                        tuple("proxy_internal_error", 500, "proxy_internal_error"));
    }

    @Test
    void whatMayPassIsWorthAskingAgain() {
        assertThat(those(Reason::retryLater))
                .containsExactlyInAnyOrder(
                        Reason.DESTINATION_UNAVAILABLE,
                        Reason.CIRCUIT_OPEN,
                        Reason.CONNECTION_LIMIT_REACHED,
                        Reason.OVERLOADED,
                        Reason.HTTP_REQUEST_DENIED,
                        Reason.AUTHENTICATION_UNAVAILABLE);
    }

    @Test
    void onlyWhatFailsBeforeAConnectionStandsIsBeforeSending() {
        assertThat(those(Reason::beforeSending))
                .containsExactlyInAnyOrder(
                        Reason.CONNECTION_REFUSED,
                        Reason.DESTINATION_IP_UNROUTABLE,
                        Reason.DNS_ERROR,
                        Reason.CONNECTION_TIMEOUT,
                        Reason.TLS_PROTOCOL_ERROR,
                        Reason.TLS_CERTIFICATE_ERROR);
    }

    @Test
    void neitherAClientNorVeloItselfIsBlamedOnTheBackend() {
        Set<Reason> innocent = EnumSet.complementOf(EnumSet.copyOf(those(Reason::blamesBackend)));

        assertThat(innocent)
                .containsExactlyInAnyOrder(
                        Reason.DESTINATION_NOT_FOUND,
                        Reason.DESTINATION_UNAVAILABLE,
                        Reason.CIRCUIT_OPEN,
                        Reason.CONNECTION_LIMIT_REACHED,
                        Reason.HTTP_REQUEST_ERROR,
                        Reason.REQUEST_TOO_LARGE,
                        Reason.OVERLOADED,
                        Reason.HTTP_REQUEST_DENIED,
                        Reason.UNAUTHENTICATED,
                        Reason.FORBIDDEN,
                        Reason.AUTHENTICATION_UNAVAILABLE,
                        Reason.CLIENT_ABORTED,
                        Reason.PROXY_INTERNAL_ERROR);
    }

    @Test
    void whatLiesInTheClientSaysNothingOfAnybodyElse() {
        assertThat(those(Reason::ofClient))
                .containsExactlyInAnyOrder(
                        Reason.DESTINATION_NOT_FOUND,
                        Reason.HTTP_REQUEST_ERROR,
                        Reason.REQUEST_TOO_LARGE,
                        Reason.HTTP_REQUEST_DENIED,
                        Reason.UNAUTHENTICATED,
                        Reason.FORBIDDEN,
                        Reason.CLIENT_ABORTED);
    }

    private static Set<Reason> those(Predicate<Reason> question) {
        return Arrays.stream(Reason.values()).filter(question).collect(Collectors.toSet());
    }
}
