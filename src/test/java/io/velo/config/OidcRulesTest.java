package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OidcRulesTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "issuer           | id.example.org        | must be the URL of an OpenID provider, of http:// or https://",
                "scopes           | email                 | must be names of scopes, openid among them",
                "redirect-path    | oauth2/callback       | must be a path such as /oauth2/callback",
                "redirect-path    | //callback            | must be a path such as /oauth2/callback",
                "redirect-path    | /a/../callback        | must be a path such as /oauth2/callback",
                "logout-path      | /logout/**            | must be a path such as /oauth2/callback, or empty",
                "redirect-path    | /oauth2/logout        | must not be lb.auth.oidc.logout-path or lb.auth.oidc.logged-out-path",
                "logged-out-path  | //evil.example.org    | must be a path and perhaps a query, other than lb.auth.oidc.logout-path",
                "logged-out-path  | /oauth2/logout        | must be a path and perhaps a query, other than lb.auth.oidc.logout-path",
                "external-url     | https://a.example/b   | must be scheme and host, and perhaps a port, such as https://shop.example.org",
                "cookie-name      | a b                   | must be 1 to 64 letters, digits, - or _",
                "session-lifetime | 0s                    | must be at least 1ms and at most 24d",
                "timeout          | 0s                    | must be at least 1ms and at most 24d",
                "clock-skew       | -1s                   | must be at least 0s and at most 24d",
                "refresh          | 0s                    | must be at least 1ms and at most 24d",
                "min-refresh      | 0s                    | must be at least 1ms and at most 24d",
                "algorithms       | HS256                 | must be of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512"
            })
    void refusesWhatIsWrong(String key, String value, String rule) {
        assertThat(TestConfig.with("lb.auth.oidc." + key, value).problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.key()).isEqualTo("lb.auth.oidc." + key);
                    assertThat(problem.rule()).isEqualTo(rule);
                    assertThat(problem.variable()).startsWith("LB_AUTH_OIDC_");
                });
    }

    @Test
    void aRuleThatNamesItNeedsItsSettings() {
        assertThat(TestConfig.with("lb.auth.rules[0].any-of", "oidc").problems())
                .extracting(ConfigProblem::key)
                .containsExactly("lb.auth.oidc.issuer", "lb.auth.oidc.client-id", "lb.auth.oidc.cookie-secret");
    }

    private static TestConfig used(String secrets) {
        return TestConfig.ofFile("lb.auth:\n"
                + "  rules: [ { any-of: [ oidc ] } ]\n"
                + "  oidc: { issuer: 'https://id.example.org', client-id: velo, " + secrets + " }\n");
    }

    @Test
    void cookiesNeedASecretThatCannotBeGuessed() {
        assertThat(used("client-secret: " + SECRET).problems()).isEmpty();
        assertThat(used("cookie-secret: " + SECRET).problems()).isEmpty();
        assertThat(used("client-secret: hunter2, cookie-secret: " + SECRET).problems())
                .isEmpty();
        assertThat(used("client-secret: hunter2").problems()).singleElement().satisfies(problem -> {
            assertThat(problem.key()).isEqualTo("lb.auth.oidc.cookie-secret");
            assertThat(problem.rule()).contains("at least 32 characters", "client-secret is shorter");
        });
        assertThat(used("client-secret: " + SECRET + ", cookie-secret: hunter2").problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.rule()).isEqualTo("must be at least 32 characters"));
    }

    @Test
    void tellsNoSecrets() {
        String other = "f".repeat(32);
        AuthProperties auth = used("client-secret: " + SECRET + ", cookie-secret: " + other)
                .read()
                .global()
                .auth();

        assertThat(auth.toString())
                .contains("https://id.example.org", "clientSecret set, cookieSecret set")
                .doesNotContain(SECRET, other);
        assertThat(AuthAssembly.settings(auth).toString()).doesNotContain(SECRET, other);
        assertThat(AuthAssembly.settings(auth).oidc().session().toString()).doesNotContain(SECRET, other);
        assertThat(used("client-secret: { hunter2: hunter3 }").problems().toString())
                .doesNotContain("hunter3");
        assertThat(used("cookie-secret: hunter2").problems().toString()).doesNotContain("hunter");
    }
}
