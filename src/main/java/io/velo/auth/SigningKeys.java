package io.velo.auth;

import com.nimbusds.jose.jwk.JWKSet;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The keys by which signatures are checked. Thread-safe; never blocks. */
interface SigningKeys {

    /** Those that are known now; empty if none ever were. */
    JWKSet current();

    /** Whether any were ever known. */
    boolean loaded();

    /**
     * Looks for new ones, if it is time for that again.
     *
     * @return completed when they have been looked for, by whether there may be new ones; null if it isn't time
     */
    @Nullable
    CompletionStage<Boolean> renew();

    /** Keys that never change. */
    static SigningKeys of(JWKSet keys) {
        return new SigningKeys() {
            @Override
            public JWKSet current() {
                return keys;
            }

            @Override
            public boolean loaded() {
                return true;
            }

            @Override
            public @Nullable CompletionStage<Boolean> renew() {
                return null;
            }
        };
    }
}
