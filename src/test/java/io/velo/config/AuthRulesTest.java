package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.access.Mechanism;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthRulesTest {

    private static final String HASH = "$2a$10$7EqJtq98hPqEX7fNZaFWoO1mVZ2yCkq2c1rBqQqQq1qQqQqQqQqQq";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rules[0].paths[0]           | api         | must be a path such as /a/b, /a/*/c or /a/**, decoded, without dots for segments",
                "rules[0].hosts[0]           | a:80        | must be a name such as a.example.org or *.example.org, without port",
                "rules[0].allow-addresses[0] | 10.0.0.0/33 | must be an address or a CIDR network",
                "rules[0].deny-addresses[0]  | localhost   | must be an address or a CIDR network",
                "jwt.jwk-set-uri             | keys        | must be a URL of http:// or https://",
                "jwt.issuer                  | me          | must be a URL of http:// or https://",
                "jwt.public-key-location     | /none.pem   | must be a file with a JWK set, a public key or a certificate: it can't be read",
                "jwt.clock-skew              | -1s         | must be at least 0s and at most 24d",
                "jwt.refresh                 | 0s          | must be at least 1ms and at most 24d",
                "jwt.min-refresh             | 0s          | must be at least 1ms and at most 24d",
                "basic.realm                 | a\"b        | must be of ASCII characters without quotes and backslashes",
                "basic.cache-time            | 0s          | must be at least 1ms and at most 24d",
                "api-keys.header             | X Key       | must be the name of a header field",
                "api-keys.query              | a&b         | must be the name of a parameter",
                "forward.url                 | ftp://a     | must be a URL of http:// or https://",
                "forward.timeout             | 0s          | must be at least 1ms and at most 24d",
                "headers.user                | X User      | must be the name of a header field",
                "headers.claims[0]           | tenant      | must be field=claim"
            })
    void refusesWhatIsWrong(String key, String value, String rule) {
        assertThat(TestConfig.with("lb.auth." + key, value).problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.key()).isEqualTo("lb.auth." + key);
                    assertThat(problem.value()).isEqualTo(value);
                    assertThat(problem.rule()).isEqualTo(rule);
                    assertThat(problem.variable()).startsWith("LB_AUTH_");
                });
    }

    @Test
    void refusesAlgorithmsThatAreNoneOrKnowTheSecret() {
        for (String algorithm : List.of("none", "HS256", "EdDSA", "x")) {
            assertThat(TestConfig.with("lb.auth.jwt.algorithms", algorithm).problems())
                    .as(algorithm)
                    .extracting(ConfigProblem::key)
                    .containsExactly("lb.auth.jwt.algorithms");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "jwt, lb.auth.jwt.jwk-set-uri",
        "basic, lb.auth.basic.users",
        "api-key, lb.auth.api-keys.keys",
        "forward-auth, lb.auth.forward.url"
    })
    void aMechanismThatARuleNamesNeedsItsSettings(String mechanism, String key) {
        assertThat(TestConfig.with("lb.auth.rules[0].any-of", mechanism).problems())
                .extracting(ConfigProblem::key)
                .containsExactly(key);
    }

    @Test
    void namesTheMechanismsThatThereAre() {
        assertThat(TestConfig.with("lb.auth.rules[0].any-of", "ldap").problems())
                .extracting(ConfigProblem::toString)
                .singleElement()
                .asString()
                .contains("lb.auth.rules[0].any-of", "LB_AUTH_RULES_0_ANYOF", "'ldap'", "client-certificate, api-key");
    }

    @Test
    void rolesNeedSomebodyWhoSaysWhoItIs() {
        assertThat(TestConfig.with("lb.auth.rules[0].roles", "admin").problems())
                .extracting(ConfigProblem::rule)
                .containsExactly("need lb.auth.rules[0].any-of, which says who it is");
    }

    @Test
    void tellsNoSecrets() {
        TestConfig config = new TestConfig()
                .file("lb.auth.basic.users: [ { name: ann, password: hunter2 }, { name: bob, pasword: hunter3 } ]")
                .file("lb.auth.api-keys.keys: [ { id: shop, hash: hunter4 } ]");

        assertThat(config.problems()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(config.problems().toString()).doesNotContain("hunter");
        assertThat(TestConfig.with("lb.auth.basic.users", "ann:hunter5")
                        .problems()
                        .toString())
                .contains("lb.auth.basic.users")
                .doesNotContain("hunter");
        assertThat(TestConfig.ofVariable("LB_AUTH_BASIC_USERS_0_PASSWORD", "hunter6")
                        .problems()
                        .toString())
                .doesNotContain("hunter");
    }

    @Test
    void readsRules() {
        AuthProperties auth = TestConfig.ofFile("lb.auth:\n"
                        + "  rules:\n"
                        + "    - { paths: [ /a/** ], any-of: [ basic, client-certificate ], roles: [ x ], claims: [ s=a ] }\n"
                        + "  basic.users: [ { name: ann, password: '" + HASH + "', roles: [ x ] } ]\n")
                .read()
                .global()
                .auth();

        assertThat(auth.rules()).singleElement().satisfies(rule -> {
            assertThat(rule.paths()).containsExactly("/a/**");
            assertThat(rule.anyOf()).isEqualTo(Set.of(Mechanism.BASIC, Mechanism.CLIENT_CERTIFICATE));
            assertThat(rule.claims()).containsExactly("s=a");
        });
        assertThat(auth.toString()).contains("ann").doesNotContain(HASH);
    }

    @Test
    void readsRulesFromVariables() {
        AuthProperties auth = new TestConfig()
                .variable("LB_AUTH_RULES_0_PATHS", "/a/**,/b")
                .variable("LB_AUTH_RULES_0_ALLOWADDRESSES", "10.0.0.0/8")
                .read()
                .global()
                .auth();

        assertThat(auth.rules()).singleElement().satisfies(rule -> {
            assertThat(rule.paths()).containsExactly("/a/**", "/b");
            assertThat(rule.allowAddresses()).containsExactly("10.0.0.0/8");
        });
    }
}
