package io.velo.backend;

import java.util.Locale;

/**
 * Why Velo, and not a backend, ended a request: the closed list behind log lines, meter tags and {@code Proxy-Status}.
 * The error types are those of RFC 9209 section 2.3.
 */
public enum Reason {
    DESTINATION_NOT_FOUND(404, "No route or pool takes this request."),
    DESTINATION_UNAVAILABLE(503, "No backend can take this request now."),
    CIRCUIT_OPEN(503, "destination_unavailable", "The backends failed too often and are given a rest."),
    CONNECTION_LIMIT_REACHED(503, "The backends are full."),
    CONNECTION_REFUSED(502, "The backend refused the connection."),
    DESTINATION_IP_UNROUTABLE(502, "The backend cannot be reached."),
    DNS_ERROR(502, "The backend's name could not be resolved."),
    CONNECTION_TIMEOUT(504, "The backend did not accept the connection in time."),
    CONNECTION_TERMINATED(502, "The backend closed the connection before it answered."),
    HTTP_PROTOCOL_ERROR(502, "The backend's answer is not valid HTTP."),
    HTTP_RESPONSE_TIMEOUT(504, "The backend did not answer in time."),
    TLS_PROTOCOL_ERROR(502, "The TLS handshake with the backend failed."),
    TLS_CERTIFICATE_ERROR(502, "The backend's certificate was not accepted."),
    HTTP_RESPONSE_INCOMPLETE(502, "The backend's answer was cut short."),
    HTTP_REQUEST_ERROR(400, "The request is not valid."),
    REQUEST_TOO_LARGE(413, "http_request_error", "The body of the request is too large."),
    HTTP_REQUEST_DENIED(429, "Too many requests."),
    UNAUTHENTICATED(401, "http_request_denied", "Who sends this has to say who it is."),
    FORBIDDEN(403, "http_request_denied", "Who sends this may not."),
    AUTHENTICATION_UNAVAILABLE(503, "http_request_denied", "Who sends this can't be found out now."),
    OVERLOADED(503, "connection_limit_reached", "The load balancer has too much to do."),
    CLIENT_ABORTED(499, "The client left."),
    PROXY_INTERNAL_ERROR(500, "The load balancer failed.");

    private final int status;
    private final String word;
    private final String error;
    private final String detail;

    Reason(int status, String detail) {
        this(status, "", detail);
    }

    Reason(int status, String error, String detail) {
        this.status = status;
        this.word = name().toLowerCase(Locale.ROOT);
        this.error = error.isEmpty() ? word : error;
        this.detail = detail;
    }

    /** The status a client sees; 499 is never sent. */
    public int status() {
        return status;
    }

    /** The stable word for logs, meters and problem bodies. */
    public String word() {
        return word;
    }

    /** The error type of {@code Proxy-Status}. */
    public String error() {
        return error;
    }

    /** One sentence for the client, without any address. */
    public String detail() {
        return detail;
    }

    /** Whether waiting may help, so that the answer carries {@code Retry-After}. */
    public boolean retryLater() {
        return status == 503 || status == 429;
    }

    /** Whether the backend was never reached, so that nothing of the request can have arrived there. */
    public boolean beforeSending() {
        return switch (this) {
            case CONNECTION_REFUSED, DESTINATION_IP_UNROUTABLE, DNS_ERROR, CONNECTION_TIMEOUT -> true;
            case TLS_PROTOCOL_ERROR, TLS_CERTIFICATE_ERROR -> true;
            default -> false;
        };
    }

    /** Whether it lies in the client or its request, so that it speaks against nobody else. */
    public boolean ofClient() {
        return status < 500;
    }

    /** Whether it speaks against the backend that was asked. */
    public boolean blamesBackend() {
        return switch (this) {
            case CONNECTION_TERMINATED, HTTP_PROTOCOL_ERROR, HTTP_RESPONSE_TIMEOUT, HTTP_RESPONSE_INCOMPLETE -> true;
            default -> beforeSending();
        };
    }
}
