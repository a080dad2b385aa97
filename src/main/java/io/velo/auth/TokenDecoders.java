package io.velo.auth;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** Makes Spring Security's decoder of what the configuration says. */
final class TokenDecoders {

    /** An access token (RFC 9068), any other one, or one that doesn't say. */
    private static final DefaultJOSEObjectTypeVerifier<SecurityContext> TYPES = new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), null);

    private static final DefaultJOSEObjectTypeVerifier<SecurityContext> ID_TOKENS =
            new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, null);

    private TokenDecoders() {}

    /** It checks signature, type, times, issuer and audience. Never blocks. */
    static NimbusJwtDecoder of(AuthSettings.Jwt settings, SigningKeys keys) {
        NimbusJwtDecoder decoder = decoder(settings.algorithms(), TYPES, keys);
        decoder.setJwtValidator(validator(settings));
        return decoder;
    }

    /** The same for tokens of a provider that say who has logged in (OpenID Connect Core 1.0 section 3.1.3.7), but for the nonce. */
    static NimbusJwtDecoder ofIdTokens(
            OidcSettings.Trust trust, SigningKeys keys, ClientRegistration client, Clock clock) {
        NimbusJwtDecoder decoder = decoder(trust.algorithms(), ID_TOKENS, keys);
        OidcIdTokenValidator validator = new OidcIdTokenValidator(client);
        validator.setClockSkew(trust.clockSkew());
        validator.setClock(clock);
        decoder.setJwtValidator(validator);
        return decoder;
    }

    private static NimbusJwtDecoder decoder(
            Set<String> names, JOSEObjectTypeVerifier<SecurityContext> types, SigningKeys keys) {
        Set<JWSAlgorithm> algorithms = names.stream().map(JWSAlgorithm::parse).collect(Collectors.toSet());
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(types);
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(algorithms, (selector, context) -> selector.select(keys.current())));
        processor.setJWTClaimsSetVerifier((claims, context) -> {}); // that is the validator's
        return new NimbusJwtDecoder(processor);
    }

    private static OAuth2TokenValidator<Jwt> validator(AuthSettings.Jwt settings) {
        List<OAuth2TokenValidator<Jwt>> all = new ArrayList<>();
        JwtTimestampValidator times = new JwtTimestampValidator(settings.clockSkew());
        times.setAllowEmptyExpiryClaim(false);
        all.add(times);
        if (!settings.issuer().isEmpty()) {
            all.add(new JwtIssuerValidator(settings.issuer()));
        }
        if (!settings.audiences().isEmpty()) {
            all.add(new JwtClaimValidator<List<String>>(
                    JwtClaimNames.AUD, named -> named != null && !Collections.disjoint(named, settings.audiences())));
        }
        return new DelegatingOAuth2TokenValidator<>(all);
    }
}
