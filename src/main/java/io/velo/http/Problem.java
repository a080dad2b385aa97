package io.velo.http;

import io.velo.backend.Reason;
import java.nio.charset.StandardCharsets;

/**
 * What a client gets when Velo answers in place of a backend: a problem body (RFC 9457) and {@code Proxy-Status}
 * (RFC 9209). Nothing in it comes from the request or names an address.
 *
 * @param status 400 to 599
 * @param reason why
 */
public record Problem(int status, Reason reason) {

    /** Media type of the body. */
    public static final String CONTENT_TYPE = "application/problem+json";

    /** Name of the field that tells the reason. */
    public static final String PROXY_STATUS = "Proxy-Status";

    /** Seconds after which asking again may help: the shortest time in which a probe or a trial changes something. */
    public static final String RETRY_AFTER_SECONDS = "1";

    /** The problem with the reason's own status. */
    public static Problem of(Reason reason) {
        return new Problem(reason.status(), reason);
    }

    /** The value of {@code Proxy-Status}. */
    public String proxyStatus() {
        String error = "velo; error=" + reason.error();
        return reason.word().equals(reason.error()) ? error : error + "; details=\"" + reason.word() + "\"";
    }

    /** The body. */
    public byte[] body() {
        String json = "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"reason\":\"%s\"}\n"
                .formatted(title(), status, reason.detail(), reason.word());
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private String title() {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 408 -> "Request Timeout";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            default -> status < 500 ? "Request Refused" : "Server Error";
        };
    }
}
