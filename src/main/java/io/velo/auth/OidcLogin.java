package io.velo.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import io.velo.auth.OidcProvider.Endpoints;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;

/**
 * A login that has begun. The browser keeps it, sealed, until it comes back from the provider.
 *
 * @param state what the provider gives back (RFC 6749 section 10.12)
 * @param nonce what the token must have (OpenID Connect Core 1.0 section 3.1.2.1)
 * @param verifier what proves that a code was asked for from here (RFC 7636)
 * @param redirectUri to where the provider sends the browser
 * @param page to where Velo sends it from there: a path and a query
 */
record OidcLogin(String state, String nonce, String verifier, String redirectUri, String page) {

    /** For so long it may take. */
    static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final int LONGEST_PAGE = 1500;

    /** @param secrets random texts that nobody can guess */
    static OidcLogin begin(String redirectUri, String target, Supplier<String> secrets) {
        return new OidcLogin(secrets.get(), secrets.get(), secrets.get(), redirectUri, local(target));
    }

    /** A place on this host, whatever the target is: no browser takes it for another one. */
    private static String local(String target) {
        boolean plain = target.length() <= LONGEST_PAGE
                && target.startsWith("/")
                && !target.startsWith("//")
                && target.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\');
        return plain ? target : "/";
    }

    /** What the browser keeps, before it is sealed. */
    JWTClaimsSet claims(Instant now) {
        return new JWTClaimsSet.Builder()
                .claim("state", state)
                .claim("nonce", nonce)
                .claim("verifier", verifier)
                .claim("redirect", redirectUri)
                .claim("page", page)
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .build();
    }

    /** The login that these are of; empty if something is missing. */
    static Optional<OidcLogin> of(JWTClaimsSet claims) {
        try {
            OidcLogin login = new OidcLogin(
                    claims.getStringClaim("state"),
                    claims.getStringClaim("nonce"),
                    claims.getStringClaim("verifier"),
                    claims.getStringClaim("redirect"),
                    claims.getStringClaim("page"));
            return claims.getClaims().size() == 6 ? Optional.of(login) : Optional.empty();
        } catch (ParseException e) {
            return Optional.empty();
        }
    }

    /** What the provider is asked. */
    OAuth2AuthorizationRequest request(OidcSettings.Client client, Endpoints endpoints) {
        return OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri(endpoints.authorization())
                .clientId(client.id())
                .redirectUri(redirectUri)
                .scopes(new LinkedHashSet<>(client.scopes()))
                .state(state)
                .additionalParameters(Map.of(
                        "nonce",
                        nonce,
                        PkceParameterNames.CODE_CHALLENGE,
                        challenge(),
                        PkceParameterNames.CODE_CHALLENGE_METHOD,
                        "S256"))
                .attributes(attributes -> attributes.put(PkceParameterNames.CODE_VERIFIER, verifier))
                .build();
    }

    private String challenge() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // each JVM has it
        }
    }

    /** Velo as the provider knows it. */
    ClientRegistration registration(OidcSettings settings, Endpoints endpoints) {
        OidcSettings.Client client = settings.client();
        return ClientRegistration.withRegistrationId("velo")
                .clientId(client.id())
                .clientSecret(client.secret())
                .clientAuthenticationMethod(
                        client.secret().isEmpty()
                                ? ClientAuthenticationMethod.NONE
                                : endpoints.secretInBody()
                                        ? ClientAuthenticationMethod.CLIENT_SECRET_POST
                                        : ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .redirectUri(redirectUri)
                .scope(client.scopes())
                .authorizationUri(endpoints.authorization())
                .tokenUri(endpoints.token())
                .jwkSetUri(endpoints.keys())
                .issuerUri(settings.issuer())
                .build();
    }
}
