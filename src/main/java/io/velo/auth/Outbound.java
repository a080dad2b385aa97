package io.velo.auth;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.function.Consumer;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;

/** Asks servers that know of clients. What they answer is bounded in time and size, and a redirection isn't followed. */
final class Outbound {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 1 << 20;
    private static final int OK = 200;

    private final HttpClient client;

    Outbound(HttpClient client) {
        this.client = client;
    }

    /** The same for Spring's clients; whoever asks by it bounds the time. */
    WebClient web() {
        return WebClient.builder()
                .clientConnector(new ReactorClientHttpConnector(client))
                .build();
    }

    /** The keys of an issuer, at the place that it tells (OpenID Connect Discovery). */
    Mono<String> keysOf(String issuer) {
        return metadata(issuer).flatMap(found -> text(String.valueOf(found.get("jwks_uri"))));
    }

    /** What an issuer tells of itself. */
    Mono<java.util.Map<String, Object>> metadata(String issuer) {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return text(base + "/.well-known/openid-configuration").map(text -> ownMetadata(issuer, text));
    }

    private static java.util.Map<String, Object> ownMetadata(String issuer, String text) {
        try {
            java.util.Map<String, Object> found = JSONObjectUtils.parse(text);
            if (!issuer.equals(found.get("issuer"))) {
                throw new IllegalArgumentException("it says that it is another issuer");
            }
            return found;
        } catch (ParseException e) {
            throw new IllegalArgumentException("what it tells of itself is no JSON", e);
        }
    }

    /** What stands there. */
    Mono<String> text(String url) {
        return ask(url, PATIENCE, fields -> {})
                .flatMap(reply -> reply.status == OK
                        ? Mono.just(new String(reply.body, StandardCharsets.UTF_8))
                        : Mono.error(new IllegalArgumentException(url + " answers with status " + reply.status)));
    }

    /**
     * Asks with a GET.
     *
     * @param timeout bounds the whole of it
     */
    Mono<Reply> ask(String url, Duration timeout, Consumer<HttpHeaders> fields) {
        return client.headers(fields)
                .get()
                .uri(url)
                .response((head, body) ->
                        whole(body).map(bytes -> new Reply(head.status().code(), head.responseHeaders(), bytes)))
                .next()
                .timeout(timeout);
    }

    private static Mono<byte[]> whole(ByteBufFlux body) {
        return body.asByteArray()
                .reduceWith(ByteArrayOutputStream::new, (all, part) -> {
                    if (all.size() + part.length > MOST_BYTES) {
                        throw new IllegalArgumentException("the answer is too long");
                    }
                    all.writeBytes(part);
                    return all;
                })
                .map(ByteArrayOutputStream::toByteArray);
    }

    /** An answer, whole. */
    @SuppressWarnings("ArrayRecordComponent") // compared never
    record Reply(int status, HttpHeaders fields, byte[] body) {}
}
