package io.velo.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.velo.access.AccessRequest;
import io.velo.access.Evidence;
import io.velo.access.Evidence.Answered;
import io.velo.access.Refusal;
import io.velo.auth.OidcProvider.Endpoints;
import io.velo.backend.Reason;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import reactor.core.publisher.Mono;

/**
 * Sends browsers to the provider, and takes them in again when they come back with a code (authorization code flow, OpenID Connect
 * Core 1.0 section 3.1, with PKCE). What belongs to a login is kept by the browser, in a cookie for each, so that two tabs can log in
 * at once; only that a login is over is remembered here.
 */
final class OidcLogins {

    private static final Pattern STATE = Pattern.compile("[A-Za-z0-9_-]{20,100}");
    private static final int NAMED_BY = 8;
    private static final int MOST_REMEMBERED = 10_000;
    private static final Set<String> NOT_NOW = Set.of("server_error", "temporarily_unavailable");

    private final OidcSettings settings;
    private final Parts parts;
    private final Seal seal;
    private final OidcReports reports;
    private final Cache<String, Boolean> over = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(OidcLogin.LIFETIME)
            .executor(Runnable::run)
            .build();

    OidcLogins(OidcSettings settings, Parts parts, OidcReports reports) {
        this.settings = settings;
        this.parts = parts;
        this.seal = Seal.of(settings, "login", parts.clock);
        this.reports = reports;
    }

    /** Sends a browser to the provider. */
    Mono<Evidence> begin(AccessRequest request) {
        Origin origin = Origin.of(request, settings.places());
        OidcLogin login = OidcLogin.begin(origin.url() + settings.places().callback(), request.target(), parts.secrets);
        return parts.provider
                .endpoints()
                .map(endpoints -> redirect(
                        login.request(settings.client(), endpoints).getAuthorizationRequestUri(),
                        List.of(OidcCookies.set(
                                cookieOf(login.state()),
                                seal.close(login.claims(parts.clock.instant())),
                                settings.places().callback(),
                                OidcLogin.LIFETIME,
                                origin.byTls()))))
                .onErrorReturn(Evidence.UNAVAILABLE); // the provider has told why
    }

    private String cookieOf(String state) {
        return settings.session().cookie() + "_login_" + state.substring(0, NAMED_BY);
    }

    /** Takes in a browser that comes back from the provider. */
    Mono<Evidence> finish(AccessRequest request) {
        Map<String, List<String>> query = parameters(request);
        if (!request.method().equals("GET") || query.values().stream().anyMatch(values -> values.size() > 1)) {
            return Mono.just(Evidence.MALFORMED);
        }
        String state = parameter(query, "state");
        Optional<OidcLogin> begun = begun(request, state);
        if (begun.isEmpty() || over.asMap().putIfAbsent(state, true) != null) {
            reports.debug("a browser comes back from a login that isn't its own, or is over");
            return Mono.just(Evidence.MALFORMED);
        }
        boolean byTls = Origin.of(request, settings.places()).byTls();
        Refusal.Field done =
                OidcCookies.clear(cookieOf(state), settings.places().callback(), byTls);
        return answered(query, begun.get(), byTls)
                .map(fields -> redirect(begun.get().page(), and(fields, done)))
                .onErrorResume(Exception.class, failure -> Mono.just(failed(failure, state, done)));
    }

    /** None if some can't be decoded. */
    private static Map<String, List<String>> parameters(AccessRequest request) {
        try {
            return new QueryStringDecoder(request.target()).parameters();
        } catch (IllegalArgumentException notEncoded) {
            return Map.of();
        }
    }

    private static String parameter(Map<String, List<String>> query, String name) {
        return query.getOrDefault(name, List.of("")).get(0);
    }

    private Optional<OidcLogin> begun(AccessRequest request, String state) {
        if (!STATE.matcher(state).matches()) {
            return Optional.empty();
        }
        return OidcCookies.values(request, cookieOf(state)).stream()
                .flatMap(cookie -> seal.open(cookie).flatMap(OidcLogin::of).stream())
                .filter(login -> login.state().equals(state))
                .findFirst();
    }

    /** What the browser is to keep from now on. */
    private Mono<List<Refusal.Field>> answered(Map<String, List<String>> query, OidcLogin login, boolean byTls) {
        String issuer = parameter(query, "iss"); // RFC 9207
        if (!issuer.isEmpty() && !issuer.equals(settings.issuer())) {
            return Mono.error(new Refused("the answer is another provider's"));
        }
        String error = parameter(query, "error");
        if (!error.isEmpty()) {
            String why = "the provider answers with " + (error.matches("[a-z_]{1,50}") ? error : "an error");
            return Mono.error(NOT_NOW.contains(error) ? new IllegalStateException(why) : new Refused(why));
        }
        String code = parameter(query, "code");
        return code.isEmpty()
                ? Mono.error(new Refused("the answer has neither a code nor an error"))
                : parts.provider.endpoints().flatMap(endpoints -> exchanged(code, login, endpoints, byTls));
    }

    private Mono<List<Refusal.Field>> exchanged(String code, OidcLogin login, Endpoints endpoints, boolean byTls) {
        ClientRegistration client = login.registration(settings, endpoints);
        OAuth2AuthorizationRequest asked = login.request(settings.client(), endpoints);
        return parts.exchange
                .idToken(client, asked, code)
                .flatMap(token -> parts.tokens.checked(token, client, login.nonce()))
                .map(token -> session(token, byTls));
    }

    private List<Refusal.Field> session(Jwt token, boolean byTls) {
        List<Refusal.Field> fields = new ArrayList<>();
        fields.add(parts.sessions
                .begin(token, byTls)
                .orElseThrow(() -> new Refused("the token names nobody, or says more than a cookie holds")));
        parts.logouts.begin(token.getTokenValue(), byTls).ifPresent(fields::add);
        return fields;
    }

    private Evidence failed(Exception failure, String state, Refusal.Field done) {
        if (failure instanceof Refused
                || failure instanceof JwtException
                || failure instanceof OAuth2AuthorizationException) {
            reports.warn("a login failed", failure);
            return new Answered(new Refusal(Reason.FORBIDDEN, List.of(done), Optional.empty()));
        }
        reports.warn("a login can't be finished now", failure);
        over.invalidate(state); // it may go better in a moment
        return Evidence.UNAVAILABLE;
    }

    private static List<Refusal.Field> and(List<Refusal.Field> fields, Refusal.Field last) {
        List<Refusal.Field> all = new ArrayList<>(fields);
        all.add(last);
        return all;
    }

    /** Sends the browser elsewhere. */
    static Evidence redirect(String location, List<Refusal.Field> fields) {
        List<Refusal.Field> all = and(fields, new Refusal.Field("Location", location));
        return new Answered(
                new Refusal(Reason.UNAUTHENTICATED, all, Optional.of(new Refusal.Page(302, "", new byte[0]))));
    }

    /**
     * What logins go by.
     *
     * @param secrets random texts that nobody can guess
     */
    record Parts(
            OidcProvider provider,
            CodeExchange exchange,
            IdTokens tokens,
            OidcSessions sessions,
            OidcLogouts logouts,
            Supplier<String> secrets,
            InstantSource clock) {}

    /** The provider doesn't let this one in. */
    private static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why, null, false, false);
        }
    }
}
