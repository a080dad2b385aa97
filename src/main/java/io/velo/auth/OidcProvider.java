package io.velo.auth;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * An OpenID provider as it describes itself (OpenID Connect Discovery 1.0). It is asked when somebody first logs in, and again when
 * that has grown old; if it doesn't answer, the old description stays. Thread-safe.
 */
final class OidcProvider {

    private static final Logger log = LoggerFactory.getLogger(OidcProvider.class);

    private final String issuer;
    private final Supplier<Mono<Map<String, Object>>> ask;
    private final Mono<Endpoints> known;
    private volatile @Nullable Endpoints last;

    /**
     * @param ask brings what it tells of itself
     * @param refresh age from which on it is asked again
     * @param minRefresh shortest time between two questions
     * @param timer counts that time
     */
    OidcProvider(
            String issuer,
            Supplier<Mono<Map<String, Object>>> ask,
            Duration refresh,
            Duration minRefresh,
            Scheduler timer) {
        this.issuer = issuer;
        this.ask = ask;
        this.known = Mono.defer(this::asked)
                .cache(found -> found.fresh ? refresh : minRefresh, failure -> minRefresh, () -> minRefresh, timer)
                .map(found -> found.endpoints);
    }

    /** Where it does what. */
    Mono<Endpoints> endpoints() {
        return known;
    }

    private Mono<Found> asked() {
        return ask.get()
                .map(this::endpoints)
                .doOnNext(found -> last = found)
                .map(found -> new Found(found, true))
                .onErrorResume(Exception.class, this::asBefore);
    }

    private Mono<Found> asBefore(Exception failure) {
        log.atWarn()
                .addKeyValue("issuer", issuer)
                .addKeyValue("reason", failure.toString())
                .log("the OpenID provider doesn't say where to log in");
        Endpoints before = last;
        return before == null ? Mono.error(failure) : Mono.just(new Found(before, false));
    }

    private Endpoints endpoints(Map<String, Object> metadata) {
        return new Endpoints(
                url(metadata, "authorization_endpoint"),
                url(metadata, "token_endpoint"),
                url(metadata, "jwks_uri"),
                metadata.containsKey("end_session_endpoint")
                        ? Optional.of(url(metadata, "end_session_endpoint"))
                        : Optional.empty(),
                metadata.get("token_endpoint_auth_methods_supported") instanceof Collection<?> methods
                        && !methods.contains("client_secret_basic"));
    }

    /** A provider that is asked by TLS doesn't send us, or browsers, elsewhere without. */
    private String url(Map<String, Object> metadata, String name) {
        String url = String.valueOf(metadata.get(name));
        URI uri = URI.create(url);
        boolean byTls = "https".equals(uri.getScheme());
        boolean plain = "http".equals(uri.getScheme()) && !issuer.startsWith("https:");
        if (uri.getHost() == null || !(byTls || plain)) {
            throw new IllegalArgumentException("what it tells of itself has no " + name + " that can be used");
        }
        return url;
    }

    /**
     * Where a provider does what.
     *
     * @param secretInBody whether it wants the client's secret in the body and not in {@code Authorization}
     */
    record Endpoints(
            String authorization, String token, String keys, Optional<String> endSession, boolean secretInBody) {}

    private record Found(Endpoints endpoints, boolean fresh) {}
}
