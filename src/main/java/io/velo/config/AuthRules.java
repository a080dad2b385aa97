package io.velo.config;

import com.nimbusds.jose.JWSAlgorithm;
import io.velo.access.Mechanism;
import io.velo.access.PathRule;
import io.velo.auth.KeyFile;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What must hold of {@code lb.auth}. */
final class AuthRules {

    private static final Pattern FIELD = Pattern.compile("[A-Za-z0-9-]+");
    private static final Pattern HOST = Pattern.compile("(\\*\\.)?[a-zA-Z0-9-]+(\\.[a-zA-Z0-9-]+)*|\\[[0-9a-fA-F:.]+]");
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(0[4-9]|1[0-6])\\$[./0-9A-Za-z]{53}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");
    private static final Pattern PAIR = Pattern.compile("[^=\\s]+\\s*=\\s*\\S.*");
    private static final String FIELD_RULE = "must be the name of a header field";
    static final String ALGORITHMS = "must be of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512";
    private static final String HIDDEN = "…";

    private final AuthProperties auth;
    private final Violations violations;

    AuthRules(AuthProperties auth, Violations violations) {
        this.auth = auth;
        this.violations = violations;
    }

    void check() {
        for (int i = 0; i < auth.rules().size(); i++) {
            checkRule("lb.auth.rules[" + i + "]", auth.rules().get(i));
        }
        checkJwt(auth.jwt());
        checkBasic(auth.basic());
        checkApiKeys(auth.apiKeys());
        new OidcRules(auth, violations).check();
        checkForward(auth.forward());
        checkHeaders(auth.headers());
    }

    private void checkRule(String key, AuthProperties.Rule rule) {
        each(
                key + ".paths",
                rule.paths(),
                path -> PathRule.parse(path).isPresent(),
                "must be a path such as /a/b, " + "/a/*/c or /a/**, decoded, without dots for segments");
        each(
                key + ".hosts",
                rule.hosts(),
                HOST.asMatchPredicate(),
                "must be a name such as a.example.org or " + "*.example.org, without port");
        each(key + ".allow-addresses", rule.allowAddresses(), ConfigRules::isNetwork, ConfigRules.NETWORK);
        each(key + ".deny-addresses", rule.denyAddresses(), ConfigRules::isNetwork, ConfigRules.NETWORK);
        each(key + ".claims", rule.claims(), PAIR.asMatchPredicate(), "must be name=value");
        violations.unless(
                rule.roles().isEmpty() || !rule.anyOf().isEmpty(),
                key + ".roles",
                rule.roles(),
                "need " + key + ".any-of, which says who it is");
        violations.unless(
                rule.claims().isEmpty() || !rule.anyOf().isEmpty(),
                key + ".claims",
                rule.claims(),
                "need " + key + ".any-of, which says who it is");
    }

    private void each(String key, List<String> values, Predicate<String> right, String rule) {
        for (int i = 0; i < values.size(); i++) {
            violations.unless(right.test(values.get(i)), key + "[" + i + "]", values.get(i), rule);
        }
    }

    private void checkJwt(AuthProperties.Jwt jwt) {
        boolean somewhere = !jwt.issuer().isEmpty()
                || !jwt.jwkSetUri().isEmpty()
                || !jwt.publicKeyLocation().isEmpty();
        violations.unless(
                somewhere || !uses(Mechanism.JWT),
                "lb.auth.jwt.jwk-set-uri",
                "",
                "must be set, or lb.auth.jwt.issuer or lb.auth.jwt.public-key-location: a rule names jwt");
        violations.unless(
                jwt.jwkSetUri().isEmpty() || jwt.publicKeyLocation().isEmpty(),
                "lb.auth.jwt.public-key-location",
                jwt.publicKeyLocation(),
                "must not be set beside lb.auth.jwt.jwk-set-uri");
        checkUrl("lb.auth.jwt.jwk-set-uri", jwt.jwkSetUri());
        boolean discovered =
                jwt.jwkSetUri().isEmpty() && jwt.publicKeyLocation().isEmpty();
        checkUrl("lb.auth.jwt.issuer", discovered ? jwt.issuer() : "");
        checkKeyFile(jwt.publicKeyLocation());
        violations.unless(areAlgorithms(jwt.algorithms()), "lb.auth.jwt.algorithms", jwt.algorithms(), ALGORITHMS);
        violations.unless(
                !jwt.principalClaim().isBlank(), "lb.auth.jwt.principal-claim", "", "must be the name of a claim");
        violations.notNegative("lb.auth.jwt.clock-skew", jwt.clockSkew());
        violations.positive("lb.auth.jwt.refresh", jwt.refresh());
        violations.positive("lb.auth.jwt.min-refresh", jwt.minRefresh());
    }

    /** Whether these are algorithms, some of them, by which nobody can sign who knows the keys for checking alone. */
    static boolean areAlgorithms(Set<String> names) {
        return !names.isEmpty()
                && names.stream()
                        .allMatch(name -> JWSAlgorithm.Family.RSA.contains(JWSAlgorithm.parse(name))
                                || JWSAlgorithm.Family.EC.contains(JWSAlgorithm.parse(name)));
    }

    private void checkKeyFile(String location) {
        if (location.isEmpty()) {
            return;
        }
        try {
            KeyFile.read(location);
        } catch (IllegalArgumentException e) {
            violations.unless(
                    false,
                    "lb.auth.jwt.public-key-location",
                    location,
                    "must be a file with a JWK set, a public key or a certificate: it " + e.getMessage());
        }
    }

    private void checkUrl(String key, String url) {
        violations.unless(url.isEmpty() || isUrl(url), key, url, "must be a URL of http:// or https://");
    }

    static boolean isUrl(String text) {
        try {
            URI uri = URI.create(text);
            return uri.getHost() != null && Set.of("http", "https").contains(String.valueOf(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean uses(Mechanism mechanism) {
        return AuthAssembly.uses(auth, mechanism);
    }

    private void checkBasic(AuthProperties.Basic basic) {
        violations.unless(
                basic.realm().matches("[ !#-\\[\\]-~]*"),
                "lb.auth.basic.realm",
                basic.realm(),
                "must be of ASCII characters without quotes and backslashes");
        violations.unless(
                !basic.users().isEmpty() || !uses(Mechanism.BASIC),
                "lb.auth.basic.users",
                "",
                "must not be empty: a rule names basic");
        violations.positive("lb.auth.basic.cache-time", basic.cacheTime());
        Set<String> names = new HashSet<>();
        for (int i = 0; i < basic.users().size(); i++) {
            AuthProperties.User user = basic.users().get(i);
            String key = "lb.auth.basic.users[" + i + "]";
            violations.unless(
                    user.name().matches("[^:\\p{Cntrl}]+") && names.add(user.name()),
                    key + ".name",
                    user.name(),
                    "must be a name without colon that no other user has");
            violations.unless(
                    BCRYPT.matcher(user.password()).matches(),
                    key + ".password",
                    HIDDEN,
                    "must be a hash by bcrypt ($2a$, $2b$ or $2y$) of a cost of 4 to 16");
        }
    }

    private void checkApiKeys(AuthProperties.ApiKeys apiKeys) {
        checkField("lb.auth.api-keys.header", apiKeys.header());
        violations.unless(
                apiKeys.query().matches("[A-Za-z0-9._~-]*"),
                "lb.auth.api-keys.query",
                apiKeys.query(),
                "must be the name of a parameter");
        boolean usable = !apiKeys.keys().isEmpty()
                && !(apiKeys.header().isEmpty() && apiKeys.query().isEmpty());
        violations.unless(
                usable || !uses(Mechanism.API_KEY),
                "lb.auth.api-keys.keys",
                "",
                "must not be empty, nor lb.auth.api-keys.header and query at once: a rule names api-key");
        Set<String> hashes = new HashSet<>();
        for (int i = 0; i < apiKeys.keys().size(); i++) {
            AuthProperties.Key each = apiKeys.keys().get(i);
            String key = "lb.auth.api-keys.keys[" + i + "]";
            violations.unless(!each.id().isBlank(), key + ".id", each.id(), "must be a name");
            violations.unless(
                    SHA_256.matcher(each.hash()).matches()
                            && hashes.add(each.hash().toLowerCase(java.util.Locale.ROOT)),
                    key + ".hash",
                    HIDDEN,
                    "must be the SHA-256 of a key, 64 hex digits, that no other key has");
        }
    }

    private void checkField(String key, String name) {
        violations.unless(name.isEmpty() || FIELD.matcher(name).matches(), key, name, FIELD_RULE);
    }

    private void checkForward(AuthProperties.Forward forward) {
        checkUrl("lb.auth.forward.url", forward.url());
        violations.unless(
                !forward.url().isEmpty() || !uses(Mechanism.FORWARD_AUTH),
                "lb.auth.forward.url",
                "",
                "must be set: a rule names forward-auth");
        violations.positive("lb.auth.forward.timeout", forward.timeout());
        each("lb.auth.forward.request-headers", forward.requestHeaders(), FIELD.asMatchPredicate(), FIELD_RULE);
        each("lb.auth.forward.response-headers", forward.responseHeaders(), FIELD.asMatchPredicate(), FIELD_RULE);
        checkField("lb.auth.forward.user-header", forward.userHeader());
        checkField("lb.auth.forward.roles-header", forward.rolesHeader());
    }

    private void checkHeaders(AuthProperties.Headers headers) {
        checkField("lb.auth.headers.user", headers.user());
        checkField("lb.auth.headers.roles", headers.roles());
        each(
                "lb.auth.headers.claims",
                headers.claims(),
                text -> PAIR.matcher(text).matches()
                        && FIELD.matcher(text.substring(0, text.indexOf('=')).strip())
                                .matches(),
                "must be field=claim");
    }
}
