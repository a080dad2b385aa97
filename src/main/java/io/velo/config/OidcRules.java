package io.velo.config;

import io.velo.access.Mechanism;
import java.util.List;
import java.util.regex.Pattern;

/** What must hold of {@code lb.auth.oidc}. */
final class OidcRules {

    private static final String PREFIX = "lb.auth.oidc.";
    private static final int SHORTEST_SECRET = 32;
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+");
    private static final Pattern PAGE = Pattern.compile("/|/[A-Za-z0-9._~-][A-Za-z0-9._~/?&=%+-]*");
    private static final Pattern ORIGIN = Pattern.compile("https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?");
    private static final Pattern COOKIE = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern SCOPE = Pattern.compile("[!#-\\[\\]-~]+");
    private static final String HIDDEN = "…";

    private final OidcProperties oidc;
    private final boolean used;
    private final Violations violations;

    OidcRules(AuthProperties auth, Violations violations) {
        this.oidc = auth.oidc();
        this.used = AuthAssembly.uses(auth, Mechanism.OIDC);
        this.violations = violations;
    }

    void check() {
        checkProvider();
        checkSecrets();
        checkPlaces();
        violations.unless(
                COOKIE.matcher(oidc.cookieName()).matches(),
                PREFIX + "cookie-name",
                oidc.cookieName(),
                "must be 1 to 64 letters, digits, - or _");
        violations.unless(
                !oidc.principalClaim().isBlank(), PREFIX + "principal-claim", "", "must be the name of a claim");
        violations.positive(PREFIX + "session-lifetime", oidc.sessionLifetime());
        violations.positive(PREFIX + "timeout", oidc.timeout());
        violations.notNegative(PREFIX + "clock-skew", oidc.clockSkew());
        violations.positive(PREFIX + "refresh", oidc.refresh());
        violations.positive(PREFIX + "min-refresh", oidc.minRefresh());
    }

    private void checkProvider() {
        violations.unless(
                oidc.issuer().isEmpty() ? !used : AuthRules.isUrl(oidc.issuer()),
                PREFIX + "issuer",
                oidc.issuer(),
                "must be the URL of an OpenID provider, of http:// or https://" + need());
        violations.unless(!used || !oidc.clientId().isBlank(), PREFIX + "client-id", "", "must be set" + need());
        violations.unless(
                oidc.scopes().contains("openid") && oidc.scopes().stream().allMatch(SCOPE.asMatchPredicate()),
                PREFIX + "scopes",
                oidc.scopes(),
                "must be names of scopes, openid among them");
        violations.unless(
                AuthRules.areAlgorithms(oidc.algorithms()),
                PREFIX + "algorithms",
                oidc.algorithms(),
                AuthRules.ALGORITHMS);
    }

    private String need() {
        return used ? ": a rule names oidc" : "";
    }

    private void checkSecrets() {
        boolean own = !oidc.cookieSecret().isEmpty();
        violations.unless(
                own
                        ? oidc.cookieSecret().length() >= SHORTEST_SECRET
                        : !used || oidc.seal().length() >= SHORTEST_SECRET,
                PREFIX + "cookie-secret",
                own ? HIDDEN : "",
                own
                        ? "must be at least " + SHORTEST_SECRET + " characters"
                        : "must be set, of at least " + SHORTEST_SECRET
                                + " characters, since lb.auth.oidc.client-secret is shorter" + need());
    }

    private void checkPlaces() {
        String rule = "must be a path such as /oauth2/callback";
        violations.unless(
                PATH.matcher(oidc.redirectPath()).matches(), PREFIX + "redirect-path", oidc.redirectPath(), rule);
        String logout = oidc.logoutPath();
        violations.unless(
                logout.isEmpty() || PATH.matcher(logout).matches(),
                PREFIX + "logout-path",
                logout,
                rule + ", or empty");
        violations.unless(
                !List.of(logout, oidc.loggedOutPath()).contains(oidc.redirectPath()),
                PREFIX + "redirect-path",
                oidc.redirectPath(),
                "must not be lb.auth.oidc.logout-path or lb.auth.oidc.logged-out-path");
        violations.unless(
                PAGE.matcher(oidc.loggedOutPath()).matches()
                        && !oidc.loggedOutPath().equals(logout),
                PREFIX + "logged-out-path",
                oidc.loggedOutPath(),
                "must be a path and perhaps a query, other than lb.auth.oidc.logout-path");
        violations.unless(
                oidc.externalUrl().isEmpty()
                        || ORIGIN.matcher(oidc.externalUrl()).matches(),
                PREFIX + "external-url",
                oidc.externalUrl(),
                "must be scheme and host, and perhaps a port, such as https://shop.example.org");
    }
}
