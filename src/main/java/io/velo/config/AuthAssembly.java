package io.velo.config;

import io.velo.access.AccessRule;
import io.velo.access.Mechanism;
import io.velo.access.PathRule;
import io.velo.auth.AuthSettings;
import io.velo.auth.KeyFile;
import io.velo.auth.OidcSettings;
import io.velo.wire.TrustedProxies;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Turns what was found right of {@code lb.auth} into settings. */
final class AuthAssembly {

    private final AuthProperties auth;

    private AuthAssembly(AuthProperties auth) {
        this.auth = auth;
    }

    /** Reads key files, too. */
    static AuthSettings settings(AuthProperties auth) {
        return auth.rules().isEmpty() ? AuthSettings.OPEN : new AuthAssembly(auth).settings();
    }

    private AuthSettings settings() {
        return new AuthSettings(
                auth.rules().stream().map(AuthAssembly::rule).toList(),
                jwt(auth.jwt()),
                basic(auth.basic()),
                apiKeys(auth.apiKeys()),
                oidc(auth.oidc()),
                forward(auth.forward()),
                new AuthSettings.Headers(
                        auth.headers().user(),
                        auth.headers().roles(),
                        pairs(auth.headers().claims())));
    }

    private static AccessRule rule(AuthProperties.Rule rule) {
        AccessRule.Scope scope = new AccessRule.Scope(
                rule.paths().stream()
                        .map(path -> PathRule.parse(path).orElseThrow())
                        .toList(),
                rule.hosts().stream().map(host -> host.toLowerCase(Locale.ROOT)).toList(),
                rule.routes());
        return new AccessRule(scope, addresses(rule), rule.anyOf(), rule.roles(), claims(rule.claims()));
    }

    private static Predicate<String> addresses(AuthProperties.Rule rule) {
        if (rule.allowAddresses().isEmpty() && rule.denyAddresses().isEmpty()) {
            return address -> true;
        }
        return new AddressRule(
                rule.allowAddresses().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new TrustedProxies(rule.allowAddresses())),
                new TrustedProxies(rule.denyAddresses()));
    }

    private static Map<String, Set<String>> claims(List<String> texts) {
        Map<String, Set<String>> claims = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            claims.computeIfAbsent(text.substring(0, equals).strip(), name -> new HashSet<>())
                    .add(text.substring(equals + 1).strip());
        }
        return claims;
    }

    private static Map<String, String> pairs(List<String> texts) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            pairs.put(
                    text.substring(0, equals).strip(),
                    text.substring(equals + 1).strip());
        }
        return pairs;
    }

    private AuthSettings.Jwt jwt(AuthProperties.Jwt jwt) {
        boolean used = uses(auth, Mechanism.JWT);
        return new AuthSettings.Jwt(
                jwt.issuer(),
                jwt.jwkSetUri(),
                jwt.publicKeyLocation().isEmpty() || !used ? "" : KeyFile.read(jwt.publicKeyLocation()),
                jwt.audiences(),
                jwt.algorithms(),
                new AuthSettings.Names(jwt.principalClaim(), jwt.rolesClaim(), wantedClaims()),
                jwt.clockSkew(),
                jwt.refresh(),
                jwt.minRefresh());
    }

    /** Whether some rule names a mechanism. */
    static boolean uses(AuthProperties auth, Mechanism mechanism) {
        return auth.rules().stream().anyMatch(rule -> rule.anyOf().contains(mechanism));
    }

    private Set<String> wantedClaims() {
        Set<String> wanted = new LinkedHashSet<>(pairs(auth.headers().claims()).values());
        auth.rules().forEach(rule -> wanted.addAll(claims(rule.claims()).keySet()));
        return wanted;
    }

    private static AuthSettings.Basic basic(AuthProperties.Basic basic) {
        return new AuthSettings.Basic(
                basic.realm(),
                byName(
                        basic.users(),
                        AuthProperties.User::name,
                        user -> new AuthSettings.User(user.password(), user.roles())),
                basic.cacheTime());
    }

    private static AuthSettings.ApiKeys apiKeys(AuthProperties.ApiKeys keys) {
        return new AuthSettings.ApiKeys(
                keys.header(),
                keys.query(),
                byName(
                        keys.keys(),
                        key -> key.hash().toLowerCase(Locale.ROOT),
                        key -> new AuthSettings.Key(key.id(), key.roles())));
    }

    private static <T, V> Map<String, V> byName(Collection<T> all, Function<T, String> name, Function<T, V> value) {
        return all.stream().collect(Collectors.toUnmodifiableMap(name, value));
    }

    private OidcSettings oidc(OidcProperties oidc) {
        return new OidcSettings(
                oidc.issuer(),
                new OidcSettings.Client(oidc.clientId(), oidc.clientSecret(), oidc.scopes()),
                new OidcSettings.Places(
                        oidc.redirectPath(), oidc.logoutPath(), oidc.loggedOutPath(), oidc.externalUrl()),
                new OidcSettings.Session(
                        oidc.cookieName(),
                        oidc.seal(),
                        oidc.sessionLifetime(),
                        new AuthSettings.Names(oidc.principalClaim(), oidc.rolesClaim(), wantedClaims())),
                new OidcSettings.Trust(oidc.algorithms(), oidc.clockSkew(), oidc.refresh(), oidc.minRefresh()),
                oidc.timeout());
    }

    private static AuthSettings.Forward forward(AuthProperties.Forward forward) {
        return new AuthSettings.Forward(
                forward.url(),
                forward.timeout(),
                forward.requestHeaders(),
                new ArrayList<>(forward.responseHeaders()),
                forward.userHeader(),
                forward.rolesHeader(),
                forward.onFailure() == AuthProperties.OnFailure.ALLOW);
    }

    /**
     * From where clients may come. Text that is no address comes from nowhere.
     *
     * @param allowed empty for everywhere
     */
    private record AddressRule(Optional<TrustedProxies> allowed, TrustedProxies denied) implements Predicate<String> {

        private static final String MAPPED = "::ffff:";

        @Override
        public boolean test(String text) {
            String address = plain(text);
            return io.netty.util.NetUtil.createInetAddressFromIpAddressString(address) != null
                    && !denied.test(address)
                    && (allowed.isEmpty() || allowed.get().test(address));
        }

        /** An IPv4 address may come in the guise of IPv6, and one of IPv6 with the name of its interface. */
        private static String plain(String text) {
            int zone = text.indexOf('%');
            String address = zone < 0 ? text : text.substring(0, zone);
            boolean mapped = address.regionMatches(true, 0, MAPPED, 0, MAPPED.length()) && address.indexOf('.') > 0;
            return mapped ? address.substring(MAPPED.length()) : address;
        }
    }
}
