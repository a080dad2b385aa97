package io.velo.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import io.velo.access.AccessRequest;
import io.velo.access.Evidence;
import io.velo.access.Refusal;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Mono;

/**
 * Ends sessions: here, and at the provider if it has a place for that (OpenID Connect RP-Initiated Logout 1.0). For the latter the
 * browser keeps the token that began the session, sealed, in a cookie that goes along to the place of the logout alone.
 */
final class OidcLogouts {

    private static final String TOKEN = "token";

    private final OidcSettings settings;
    private final OidcProvider provider;
    private final OidcSessions sessions;
    private final Seal seal;
    private final InstantSource clock;

    OidcLogouts(OidcSettings settings, OidcProvider provider, OidcSessions sessions, InstantSource clock) {
        this.settings = settings;
        this.provider = provider;
        this.sessions = sessions;
        this.seal = Seal.of(settings, "logout", clock);
        this.clock = clock;
    }

    private String cookie() {
        return settings.session().cookie() + "_logout";
    }

    /** What the browser is to keep for its logout; empty if there is none, or it is too much for a cookie. */
    Optional<Refusal.Field> begin(String token, boolean byTls) {
        String path = settings.places().logout();
        if (path.isEmpty()) {
            return Optional.empty();
        }
        String sealed = seal.close(new JWTClaimsSet.Builder()
                .claim(TOKEN, token)
                .expirationTime(
                        Date.from(clock.instant().plus(settings.session().lifetime())))
                .build());
        return sealed.length() > Seal.LONGEST
                ? Optional.empty()
                : Optional.of(OidcCookies.set(
                        cookie(), sealed, path, settings.session().lifetime(), byTls));
    }

    /** Takes the browser's cookies away and sends it to where it is to go. */
    Mono<Evidence> end(AccessRequest request) {
        Origin origin = Origin.of(request, settings.places());
        String token = tokenOf(request);
        List<Refusal.Field> cleared = List.of(
                sessions.end(origin.byTls()),
                OidcCookies.clear(cookie(), settings.places().logout(), origin.byTls()));
        String here = settings.places().loggedOut();
        return provider.endpoints()
                .map(endpoints -> endpoints
                        .endSession()
                        .map(place -> endAt(place, token, origin.url() + here))
                        .orElse(here))
                .onErrorReturn(here)
                .map(place -> OidcLogins.redirect(place, cleared));
    }

    private String tokenOf(AccessRequest request) {
        return OidcCookies.values(request, cookie()).stream()
                .flatMap(cookie -> seal.open(cookie).flatMap(OidcLogouts::tokenIn).stream())
                .findFirst()
                .orElse("");
    }

    private static Optional<String> tokenIn(JWTClaimsSet claims) {
        try {
            return Optional.ofNullable(claims.getStringClaim(TOKEN));
        } catch (ParseException e) {
            return Optional.empty();
        }
    }

    private String endAt(String place, String token, String back) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("client_id", settings.client().id());
        values.put("post_logout_redirect_uri", back);
        if (!token.isEmpty()) {
            values.put("id_token_hint", token);
        }
        UriComponentsBuilder uri = UriComponentsBuilder.fromUriString(place);
        values.keySet().forEach(name -> uri.queryParam(name, "{" + name + "}"));
        return uri.encode().buildAndExpand(values).toUriString();
    }
}
