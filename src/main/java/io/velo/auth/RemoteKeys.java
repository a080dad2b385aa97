package io.velo.auth;

import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The keys of a server: fetched when they are first needed, again when they have grown old, and when a token names one that
 * isn't there, but not more often than allowed. If the server doesn't answer, the old ones stay.
 */
final class RemoteKeys implements SigningKeys {

    private static final Logger log = LoggerFactory.getLogger(RemoteKeys.class);

    private final Supplier<Mono<String>> fetch;
    private final long refreshNanos;
    private final long minRefreshNanos;
    private final LongSupplier nanos;
    private final AtomicReference<State> state = new AtomicReference<>(new State(new JWKSet(), false, 0, null));

    /**
     * @param fetch brings a JWK set
     * @param refresh age from which on keys are fetched again
     * @param minRefresh shortest time from one fetch to the next
     */
    RemoteKeys(Supplier<Mono<String>> fetch, Duration refresh, Duration minRefresh, LongSupplier nanos) {
        this.fetch = fetch;
        this.refreshNanos = refresh.toNanos();
        this.minRefreshNanos = minRefresh.toNanos();
        this.nanos = nanos;
    }

    @Override
    public JWKSet current() {
        State now = state.get();
        if (now.loaded && nanos.getAsLong() - now.askedNanos > refreshNanos) {
            renew();
        }
        return now.keys;
    }

    @Override
    public boolean loaded() {
        return state.get().loaded;
    }

    @Override
    public @Nullable CompletionStage<Boolean> renew() {
        State now = state.get();
        if (now.fetching != null) {
            return now.fetching;
        }
        long time = nanos.getAsLong();
        if (now.askedNanos != 0 && time - now.askedNanos < minRefreshNanos) {
            return null;
        }
        CompletableFuture<Boolean> fetching = new CompletableFuture<>();
        State asking = new State(now.keys, now.loaded, time == 0 ? 1 : time, fetching);
        if (!state.compareAndSet(now, asking)) {
            return renew();
        }
        fetch.get().map(RemoteKeys::parsed).subscribe(keys -> came(asking, keys), failure -> failed(asking, failure));
        return fetching;
    }

    private static JWKSet parsed(String text) {
        try {
            return JWKSet.parse(text).toPublicJWKSet();
        } catch (ParseException e) {
            throw new IllegalArgumentException("what it answers is no JWK set", e);
        }
    }

    private void came(State asking, JWKSet keys) {
        state.set(new State(keys, true, asking.askedNanos, null));
        asking.done(true);
    }

    private void failed(State asking, Throwable failure) {
        state.set(new State(asking.keys, asking.loaded, asking.askedNanos, null));
        log.atWarn().addKeyValue("reason", failure.toString()).log("keys for tokens can't be fetched");
        asking.done(false);
    }

    /**
     * @param askedNanos when the keys were asked for last, 0 for never
     */
    private record State(
            JWKSet keys,
            boolean loaded,
            long askedNanos,
            @Nullable CompletableFuture<Boolean> fetching) {

        void done(boolean found) {
            if (fetching != null) {
                fetching.complete(found);
            }
        }
    }
}
