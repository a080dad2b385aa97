package io.velo.auth;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.velo.access.AccessRequest;
import io.velo.access.Authenticator;
import io.velo.access.Evidence;
import io.velo.access.Evidence.Later;
import io.velo.access.Evidence.Proven;
import io.velo.access.Identity;
import io.velo.access.Mechanism;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/**
 * Names and passwords, hashed by bcrypt. A look takes some 50 ms of a processor, so it is taken elsewhere than on the event
 * loop, few at a time, once for all who ask at the same time, and what was right stays right for a while. An unknown name
 * costs the same as a wrong password.
 */
final class BasicAuthenticator implements Authenticator {

    private static final String SCHEME = "Basic ";
    private static final int LONGEST = 1024;
    private static final int LONGEST_PASSWORD = 72; // in bytes; bcrypt looks at no more
    private static final int MOST_REMEMBERED = 10_000;

    private final AuthSettings.Basic settings;
    private final BCryptPasswordEncoder bcrypt = new BCryptPasswordEncoder();
    private final AsyncCache<Digest, Evidence> right;
    private final byte[] key;
    private final Executor workers;
    private final String challenge;
    private final String anybodysHash;

    /**
     * @param key random, for this process alone
     * @param workers take a few looks at a time, and refuse more than they can take soon
     */
    BasicAuthenticator(AuthSettings.Basic settings, byte[] key, Executor workers) {
        this.settings = settings;
        this.key = key.clone();
        this.workers = workers;
        this.challenge = "Basic realm=\"" + settings.realm() + "\", charset=\"UTF-8\"";
        this.anybodysHash = settings.users().values().stream()
                .map(AuthSettings.User::hash)
                .findFirst()
                .orElse("");
        this.right = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(settings.cacheTime())
                .executor(Runnable::run)
                .buildAsync();
    }

    @Override
    public Evidence examine(AccessRequest request) {
        String shown = Authorization.of(request, SCHEME);
        if (shown.isEmpty()) {
            return Evidence.NOTHING;
        }
        if (shown.equals(Authorization.REPEATED)) {
            return Evidence.MALFORMED;
        }
        return shown.length() > LONGEST ? Evidence.WRONG : remembered(shown);
    }

    private Evidence remembered(String shown) {
        Digest digest = Digest.of(key, shown);
        CompletableFuture<Evidence> known = right.getIfPresent(digest);
        if (known == null) {
            return looked(shown, digest);
        }
        return known.isDone() ? known.getNow(Evidence.WRONG) : later(known);
    }

    private Evidence looked(String shown, Digest digest) {
        String credentials = decoded(shown);
        int colon = credentials.indexOf(':');
        if (colon < 0) {
            return Evidence.WRONG;
        }
        String name = credentials.substring(0, colon);
        String password = credentials.substring(colon + 1);
        if (password.getBytes(StandardCharsets.UTF_8).length > LONGEST_PASSWORD) {
            return Evidence.WRONG;
        }
        try {
            return later(right.get(
                    digest, (same, any) -> CompletableFuture.supplyAsync(() -> lookUp(name, password), workers)));
        } catch (RejectedExecutionException tooMany) {
            return Evidence.UNAVAILABLE;
        }
    }

    /** What is wrong isn't remembered: there is no end of that. */
    private static Evidence later(CompletableFuture<Evidence> found) {
        return new Later(found.handle((evidence, failure) ->
                failure != null ? Evidence.UNAVAILABLE : Objects.requireNonNullElse(evidence, Evidence.WRONG)));
    }

    private @Nullable Evidence lookUp(String name, String password) {
        AuthSettings.User user = settings.users().get(name);
        boolean matches = bcrypt.matches(password, user == null ? anybodysHash : user.hash());
        return matches && user != null ? new Proven(new Identity(name, Mechanism.BASIC, user.roles(), Map.of())) : null;
    }

    private static String decoded(String text) {
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }

    @Override
    public String challenge(boolean wrong) {
        return challenge;
    }
}
