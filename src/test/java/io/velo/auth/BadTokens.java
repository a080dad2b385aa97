package io.velo.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tokens that nobody may accept, each with what is wrong with it. */
public final class BadTokens {

    private BadTokens() {}

    /**
     * All of them.
     *
     * @param issuer whose tokens are good
     */
    public static Map<String, String> of(Tokens issuer) {
        Map<String, String> bad = new LinkedHashMap<>();
        String good = issuer.token(Tokens.claims("ann"));
        Instant now = Instant.now();
        bad.put("no token at all", "x");
        bad.put("cut off", good.substring(0, good.lastIndexOf('.') + 1));
        bad.put("changed", changed(good));
        bad.put(
                "signed by a stranger of the same name",
                new Tokens(issuer.key().getKeyID()).token(Tokens.claims("ann")));
        bad.put("signed by a key that nobody knows", new Tokens("other").token(Tokens.claims("ann")));
        bad.put("expired", issuer.token(Tokens.claimsUntil("ann", now.minusSeconds(300))));
        bad.put("without expiry", issuer.token(Tokens.claims("ann").expirationTime(null)));
        bad.put("not yet good", issuer.token(Tokens.claims("ann").notBeforeTime(Date.from(now.plusSeconds(600)))));
        bad.put("for somebody else", issuer.token(Tokens.claims("ann").audience("other")));
        bad.put("for nobody", issuer.token(Tokens.claims("ann").audience((String) null)));
        bad.put("of another issuer", issuer.token(Tokens.claims("ann").issuer("https://other.test")));
        bad.put("of nobody", issuer.token(Tokens.claims(null)));
        bad.put("alg=none", new PlainJWT(Tokens.claims("ann").build()).serialize());
        bad.put("signed with the public key as a secret", byPublicKey(issuer));
        bad.put(
                "by an algorithm that isn't allowed",
                issuer.token(
                        new JWSHeader.Builder(JWSAlgorithm.RS512)
                                .keyID(issuer.key().getKeyID())
                                .build(),
                        Tokens.claims("ann")));
        bad.put("too long", issuer.token(Tokens.claims("ann").claim("x", "x".repeat(7000))));
        return bad;
    }

    /** Another subject under the same signature. */
    private static String changed(String token) {
        String[] parts = token.split("\\.");
        String other = com.nimbusds.jose.util.Base64URL.encode(
                        Tokens.claims("root").build().toString())
                .toString();
        return parts[0] + "." + other + "." + parts[2];
    }

    private static String byPublicKey(Tokens issuer) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .keyID(issuer.key().getKeyID())
                            .build(),
                    Tokens.claims("ann").build());
            token.sign(new MACSigner(issuer.key().toRSAPublicKey().getEncoded()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
