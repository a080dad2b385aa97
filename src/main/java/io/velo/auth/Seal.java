package io.velo.auth;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what browsers keep for Velo, so that nobody else can read, change or make it: a JWT, encrypted by AES-GCM (JWE, {@code
 * dir}, {@code A256GCM}). The key comes of a secret, of what the seal is for, of the provider and of the client (HMAC-SHA256 as in
 * HKDF), so what is sealed for one purpose is nothing for another. Thread-safe; a look costs some microseconds.
 */
final class Seal {

    /** Longer ones are none of ours: browsers keep cookies of 4,096 bytes, with name and attributes. */
    static final int LONGEST = 3800;

    private static final String HMAC = "HmacSHA256";
    private static final JWEHeader HEADER = new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
            .type(JOSEObjectType.JWT)
            .build();

    private final SecretKeySpec key;
    private final InstantSource clock;

    private Seal(SecretKeySpec key, InstantSource clock) {
        this.key = key;
        this.clock = clock;
    }

    /**
     * One for a purpose.
     *
     * @param purpose a word
     */
    static Seal of(OidcSettings settings, String purpose, InstantSource clock) {
        String context = String.join(
                "\n", "velo oidc", purpose, settings.issuer(), settings.client().id());
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(settings.session().secret().getBytes(StandardCharsets.UTF_8), HMAC));
            return new Seal(new SecretKeySpec(mac.doFinal(context.getBytes(StandardCharsets.UTF_8)), "AES"), clock);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // each JVM has it
        }
    }

    /** Text that can stand in a cookie. The claims must say when they expire. */
    String close(JWTClaimsSet claims) {
        EncryptedJWT sealed = new EncryptedJWT(HEADER, claims);
        try {
            sealed.encrypt(new DirectEncrypter(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return sealed.serialize();
    }

    /** The claims; empty if they aren't ours, aren't whole, or have expired. */
    Optional<JWTClaimsSet> open(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            EncryptedJWT sealed = EncryptedJWT.parse(text);
            if (!JWEAlgorithm.DIR.equals(sealed.getHeader().getAlgorithm())
                    || !EncryptionMethod.A256GCM.equals(sealed.getHeader().getEncryptionMethod())) {
                return Optional.empty();
            }
            sealed.decrypt(new DirectDecrypter(key));
            JWTClaimsSet claims = sealed.getJWTClaimsSet();
            Date expires = claims.getExpirationTime();
            return expires != null && clock.instant().isBefore(expires.toInstant())
                    ? Optional.of(claims)
                    : Optional.empty();
        } catch (ParseException | JOSEException | RuntimeException forged) { // the latter for heads that lack something
            return Optional.empty();
        }
    }
}
