package io.velo.testing;

import io.velo.backend.Backend;
import io.velo.backend.BackendSpec;
import io.velo.backend.Breaker;
import io.velo.backend.Circuit;
import io.velo.backend.Condition;
import io.velo.backend.Health;
import io.velo.backend.ProbeResult;
import io.velo.backend.Standing;
import io.velo.strategy.Candidate;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Backends, candidates and probe results for tests. */
public final class Backends {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private Backends() {}

    /** A backend of weight 1 without a limit. */
    public static BackendSpec spec(String id) {
        return weighted(id, 1);
    }

    /** A backend without a limit. */
    public static BackendSpec weighted(String id, int weight) {
        return new BackendSpec(id, URI.create("http://" + id + ":8080"), weight, 0, "");
    }

    /** A backend of weight 1 that takes so many requests at once. */
    public static BackendSpec capped(String id, int maxInFlight) {
        return new BackendSpec(id, URI.create("http://" + id + ":8080"), 1, maxInFlight, "");
    }

    /** A healthy backend outside of any pool. */
    public static Backend backend(BackendSpec spec) {
        Condition fresh = new Condition(false, Health.ASSUMED, Circuit.CLOSED, false);
        return new Backend("test", spec, Breaker.NONE, new Standing(fresh, "started", NOW, 0));
    }

    /** A healthy backend outside of any pool. */
    public static Backend backend(String id) {
        return backend(spec(id));
    }

    /** A candidate that has so many requests in flight. */
    public static Candidate candidate(String id, int weight, int inFlight) {
        Backend backend = backend(weighted(id, weight));
        occupy(backend, inFlight);
        return new Candidate(backend, weight);
    }

    /** Idle candidates of weight 1. */
    public static List<Candidate> candidates(String... ids) {
        return Arrays.stream(ids).map(id -> candidate(id, 1, 0)).toList();
    }

    /** Idle candidates a, b, c and so on of these weights. */
    public static List<Candidate> candidates(int... weights) {
        return IntStream.range(0, weights.length)
                .mapToObj(i -> candidate(String.valueOf((char) ('a' + i)), weights[i], 0))
                .toList();
    }

    /** Puts so many requests on a backend. */
    public static void occupy(Backend backend, int requests) {
        for (int i = 0; i < requests; i++) {
            backend.tryEnter();
        }
    }

    /** A probe that was answered as expected. */
    public static ProbeResult passed() {
        return new ProbeResult(true, OptionalInt.of(200), "status 200", Duration.ofMillis(1), NOW);
    }

    /** A probe that wasn't. */
    public static ProbeResult missed() {
        return new ProbeResult(false, OptionalInt.of(500), "status 500", Duration.ofMillis(1), NOW);
    }
}
