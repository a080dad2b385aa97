package io.velo.auth;

import com.nimbusds.jose.jwk.JWKSet;
import io.velo.access.AccessPlan;
import io.velo.access.AccessRules;
import io.velo.access.Authenticator;
import io.velo.access.Guard;
import io.velo.access.IdentityFields;
import io.velo.access.Mechanism;
import io.velo.access.OwnCookies;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Makes of the settings what the guard goes by. A mechanism whose settings are as they were stays the same, with the keys that
 * it has fetched and all that it remembers.
 */
public final class AccessControl {

    private final Guard guard;
    private final Means means;
    private final Map<Mechanism, Made> made = new EnumMap<>(Mechanism.class);

    AccessControl(Guard guard, Means means) {
        this.guard = guard;
        this.means = means;
    }

    /** Puts these in force. */
    public synchronized void swap(AuthSettings next) {
        Map<Mechanism, Made> needed = new EnumMap<>(Mechanism.class);
        for (Mechanism mechanism : next.mechanisms()) {
            needed.put(mechanism, made(mechanism, settingsOf(mechanism, next)));
        }
        made.keySet().retainAll(needed.keySet());
        made.putAll(needed);
        Map<Mechanism, Authenticator> authenticators = new EnumMap<>(Mechanism.class);
        made.forEach((mechanism, each) -> authenticators.put(mechanism, each.authenticator));
        guard.swap(new AccessPlan(new AccessRules(next.rules()), authenticators, fields(next)));
    }

    private Made made(Mechanism mechanism, Record settings) {
        Made before = made.get(mechanism);
        return before != null && before.settings.equals(settings)
                ? before
                : new Made(settings, new FaultTolerant(mechanism, authenticator(settings)));
    }

    private static Record settingsOf(Mechanism mechanism, AuthSettings all) {
        return switch (mechanism) {
            case CLIENT_CERTIFICATE -> new Certificate();
            case API_KEY -> all.apiKeys();
            case JWT -> all.jwt();
            case BASIC -> all.basic();
            case OIDC -> all.oidc();
            case FORWARD_AUTH -> new Asked(all.forward(), cookies(all));
        };
    }

    private Authenticator authenticator(Record settings) {
        if (settings instanceof AuthSettings.ApiKeys keys) {
            return new ApiKeyAuthenticator(keys);
        }
        if (settings instanceof AuthSettings.Jwt jwt) {
            return new JwtAuthenticator(jwt, keys(jwt), means.clock);
        }
        if (settings instanceof AuthSettings.Basic basic) {
            return new BasicAuthenticator(basic, means.key, means.workers);
        }
        if (settings instanceof OidcSettings oidc) {
            return OidcAssembly.authenticator(oidc, means);
        }
        if (settings instanceof Asked asked) {
            return new ForwardAuthenticator(asked.forward, asked.hidden, means.outbound);
        }
        return new CertificateAuthenticator();
    }

    private SigningKeys keys(AuthSettings.Jwt jwt) {
        if (!jwt.keys().isEmpty()) {
            try {
                return SigningKeys.of(JWKSet.parse(jwt.keys()));
            } catch (ParseException e) {
                throw new IllegalStateException("a JWK set that was read before", e);
            }
        }
        String uri = jwt.jwkSetUri();
        return new RemoteKeys(
                () -> uri.isEmpty() ? means.outbound.keysOf(jwt.issuer()) : means.outbound.text(uri),
                jwt.refresh(),
                jwt.minRefresh(),
                means.nanos);
    }

    private static IdentityFields fields(AuthSettings settings) {
        Map<String, String> claims = new LinkedHashMap<>(settings.headers().claims());
        if (settings.mechanisms().contains(Mechanism.FORWARD_AUTH)) {
            settings.forward().responseHeaders().forEach(name -> claims.put(name, name.toLowerCase(Locale.ROOT)));
        }
        return new IdentityFields(settings.headers().user(), settings.headers().roles(), claims, cookies(settings));
    }

    private static OwnCookies cookies(AuthSettings settings) {
        return settings.mechanisms().contains(Mechanism.OIDC)
                ? new OwnCookies(settings.oidc().session().cookie())
                : OwnCookies.NONE;
    }

    private record Made(Record settings, Authenticator authenticator) {}

    /** @param hidden cookies that are for Velo alone */
    private record Asked(AuthSettings.Forward forward, OwnCookies hidden) {}

    /** It has no settings. */
    private record Certificate() {}

    /**
     * What mechanisms need.
     *
     * @param workers take what takes long, a little at a time, and refuse more than they can take soon
     * @param key random, for this process alone
     * @param secrets random texts that nobody can guess
     */
    @SuppressWarnings("ArrayRecordComponent") // compared never
    record Means(
            Outbound outbound,
            Executor workers,
            byte[] key,
            Supplier<String> secrets,
            InstantSource clock,
            LongSupplier nanos) {}
}
