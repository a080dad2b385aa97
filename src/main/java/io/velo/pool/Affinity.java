package io.velo.pool;

import io.velo.backend.Backend;
import io.velo.http.Parts;
import io.velo.strategy.RequestView;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Brings clients back to the backends of their cookies. A cookie's value is HMAC-SHA256 of the names of pool and backend: it
 * tells nobody anything, nobody without the secret can make one, and every instance of Velo with the same secret makes the same,
 * before and after a restart. The values of all backends are worked out when the pool changes, so a request costs a look into a
 * table and no cryptography; a value that isn't in it is none. Immutable.
 */
final class Affinity {

    static final Affinity OFF = new Affinity(AffinityRule.OFF, List.of());

    private static final String ALGORITHM = "HmacSHA256";
    private static final int TOKEN_BYTES = 16;
    private static final int TOKEN_LENGTH = 22; // in base64

    private final AffinityRule rule;
    private final Map<String, Backend> backends = new HashMap<>();
    private final Map<Backend, String> tokens = new HashMap<>();

    private Affinity(AffinityRule rule, List<Backend> known) {
        this.rule = rule;
        for (Backend each : known) {
            String token = token(each);
            tokens.put(each, token);
            backends.put(token, each);
        }
    }

    /**
     * That of these backends.
     *
     * @param leaving removed ones, to which clients may come back as long as they drain
     */
    static Affinity of(AffinityRule rule, List<Backend> staying, List<Backend> leaving) {
        if (!rule.on()) {
            return OFF;
        }
        List<Backend> known = new ArrayList<>(leaving); // another one of the same name takes a leaving one's place
        known.addAll(staying);
        return new Affinity(rule, known);
    }

    private String token(Backend backend) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(rule.secret().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            byte[] all = mac.doFinal((backend.pool() + "\n" + backend.id()).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(all, TOKEN_BYTES));
        } catch (GeneralSecurityException e) { // every JDK has it
            throw new IllegalStateException(e);
        }
    }

    boolean on() {
        return rule.on();
    }

    /** The backend that the request's cookie leads to, whatever its state. */
    Optional<Backend> wanted(RequestView request) {
        String field = request.header("Cookie").orElse("");
        long place = Parts.cookie(field, rule.name());
        if (place == Parts.NONE || Parts.end(place) - Parts.start(place) != TOKEN_LENGTH) {
            return Optional.empty();
        }
        return Optional.ofNullable(backends.get(field.substring(Parts.start(place), Parts.end(place))));
    }

    /**
     * The value of {@code Set-Cookie} that brings a client back to this backend.
     *
     * @param byTls whether the client has come by TLS
     */
    String cookie(Backend backend, boolean byTls) {
        StringBuilder cookie = new StringBuilder(rule.name())
                .append('=')
                .append(Objects.requireNonNull(tokens.get(backend)))
                .append("; Path=")
                .append(rule.path());
        if (!rule.ttl().isZero()) {
            cookie.append("; Max-Age=").append(rule.ttl().toSeconds());
        }
        boolean auto = rule.secure() == AffinityRule.Secure.AUTO;
        if (auto ? byTls : rule.secure() == AffinityRule.Secure.ALWAYS) {
            cookie.append("; Secure");
        }
        if (rule.httpOnly()) {
            cookie.append("; HttpOnly");
        }
        return cookie.append("; SameSite=").append(rule.sameSite().word()).toString();
    }
}
