package io.velo.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;

class OidcLoginTest {

    private static OidcLogin login(String target) {
        Iterator<String> secrets = List.of("state-0123456789", "nonce-0123456789", "verifier-0123456789")
                .iterator();
        return OidcLogin.begin("https://velo.test/oauth2/callback", target, secrets::next);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a/b?c=d&e=//x", "/a;b", "/%2F%2Fevil.test", "/a//b"})
    void leadsBackToThePage(String target) {
        assertThat(login(target).page()).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "//evil.test",
                "//evil.test/%2F..",
                "/\\evil.test",
                "https://evil.test/",
                "/a\r\nSet-Cookie: a=b",
                "/\t/evil.test",
                "javascript:alert(1)",
                "*",
                "/ä"
            })
    void andNowhereElse(String target) {
        assertThat(login(target).page()).isEqualTo("/");
    }

    @Test
    void aPageOfWhateverLengthFitsIntoACookie() {
        assertThat(login("/" + "x".repeat(1600)).page()).isEqualTo("/");
        OidcLogin longest = login("/" + "x".repeat(1499));

        assertThat(longest.page()).hasSize(1500);
        assertThat(Seal.of(OidcSamples.settings(), "login", Instant::now).close(longest.claims(Instant.now())))
                .hasSizeLessThan(Seal.LONGEST);
    }

    @Test
    void asksTheProvider() throws Exception {
        String url = login("/")
                .request(OidcSamples.settings().client(), OidcSamples.endpoints())
                .getAuthorizationRequestUri();

        Map<String, List<String>> query = new QueryStringDecoder(url).parameters();
        String challenge = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256")
                        .digest("verifier-0123456789".getBytes(StandardCharsets.US_ASCII)));
        assertThat(url).startsWith("https://issuer.test/authorize?p=1&").doesNotContain("verifier");
        assertThat(query)
                .containsEntry("response_type", List.of("code"))
                .containsEntry("client_id", List.of("velo"))
                .containsEntry("redirect_uri", List.of("https://velo.test/oauth2/callback"))
                .containsEntry("scope", List.of("openid email"))
                .containsEntry("state", List.of("state-0123456789"))
                .containsEntry("nonce", List.of("nonce-0123456789"))
                .containsEntry("code_challenge", List.of(challenge))
                .containsEntry("code_challenge_method", List.of("S256"));
    }

    @Test
    void tellsTheSecretAsTheProviderWantsIt() {
        OidcProvider.Endpoints known = OidcSamples.endpoints();
        OidcSettings settings = OidcSamples.settings();
        OidcSettings secretless = new OidcSettings(
                settings.issuer(),
                new OidcSettings.Client("velo", "", List.of("openid")),
                settings.places(),
                settings.session(),
                settings.trust(),
                settings.timeout());
        OidcProvider.Endpoints inBody = new OidcProvider.Endpoints(
                known.authorization(), known.token(), known.keys(), known.endSession(), true);

        assertThat(List.of(
                        login("/").registration(settings, known),
                        login("/").registration(settings, inBody),
                        login("/").registration(secretless, inBody)))
                .extracting(ClientRegistration::getClientAuthenticationMethod)
                .containsExactly(
                        ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
                        ClientAuthenticationMethod.CLIENT_SECRET_POST,
                        ClientAuthenticationMethod.NONE);
    }

    @Test
    void isKeptWhole() {
        OidcLogin login = login("/a");

        assertThat(OidcLogin.of(login.claims(Instant.now()))).contains(login);
        assertThat(OidcLogin.of(new JWTClaimsSet.Builder().claim("state", "s").build()))
                .isEmpty();
        assertThat(OidcLogin.of(new JWTClaimsSet.Builder().claim("state", 1).build()))
                .isEmpty();
    }
}
