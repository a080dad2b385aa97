package io.velo.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Signs tokens as an issuer does. */
public final class Tokens {

    public static final String ISSUER = "https://issuer.test";
    public static final String AUDIENCE = "velo";

    private final RSAKey key;

    public Tokens(String keyId) {
        try {
            this.key = new RSAKeyGenerator(2048).keyID(keyId).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public RSAKey key() {
        return key;
    }

    /** What an issuer publishes. */
    public static String published(Tokens... all) {
        return new JWKSet(List.<com.nimbusds.jose.jwk.JWK>copyOf(java.util.Arrays.stream(all)
                        .map(each -> each.key.toPublicJWK())
                        .toList()))
                .toString();
    }

    /** Claims of a token that holds for an hour. */
    public static JWTClaimsSet.Builder claims(String subject) {
        return claimsUntil(subject, Instant.now().plusSeconds(3600));
    }

    public static JWTClaimsSet.Builder claimsUntil(String subject, Instant expires) {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(subject)
                .expirationTime(Date.from(expires));
    }

    public String token(JWTClaimsSet.Builder claims) {
        return token(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
    }

    public String token(JWSHeader header, JWTClaimsSet.Builder claims) {
        try {
            SignedJWT token = new SignedJWT(header, claims.build());
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
