package io.velo.backend;

import java.net.URI;
import java.util.Locale;

/**
 * What the configuration says of one backend. Immutable.
 *
 * @param id name of the backend, unique in its pool; state survives a reload under this name
 * @param uri scheme ({@code http}, {@code https} or {@code h2c}), host and port
 * @param weight share of the traffic relative to the others, 0 to 256; 0 gets no new requests
 * @param maxInFlight most requests at once, 0 for no limit
 * @param zone where the backend stands, empty if nobody said
 * @param priority 0 for the best; backends of the next one serve when too few of this one are eligible
 * @param source who says so
 * @param readiness what that one says of its state
 */
public record BackendSpec(
        String id,
        URI uri,
        int weight,
        int maxInFlight,
        String zone,
        int priority,
        Source source,
        Readiness readiness) {

    /** The largest weight, the same as HAProxy's. */
    public static final int MAX_WEIGHT = 256;

    public BackendSpec {
        if (id.isBlank()) {
            throw new IllegalArgumentException("a backend's id must not be blank");
        }
        if (weight < 0 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException(
                    "weight of backend " + id + " is " + weight + " but must be 0 to " + MAX_WEIGHT);
        }
        if (maxInFlight < 0) {
            throw new IllegalArgumentException(
                    "max-in-flight of backend " + id + " is " + maxInFlight + " but must not be negative");
        }
        if (priority < 0) {
            throw new IllegalArgumentException(
                    "priority of backend " + id + " is " + priority + " but must not be negative");
        }
    }

    /** Ready, as far as anybody says. */
    public BackendSpec(String id, URI uri, int weight, int maxInFlight, String zone, int priority, Source source) {
        this(id, uri, weight, maxInFlight, zone, priority, source, Readiness.READY);
    }

    /** Of the best priority, as the file says. */
    public BackendSpec(String id, URI uri, int weight, int maxInFlight, String zone) {
        this(id, uri, weight, maxInFlight, zone, Source.CONFIG);
    }

    /** Of the best priority. */
    public BackendSpec(String id, URI uri, int weight, int maxInFlight, String zone, Source source) {
        this(id, uri, weight, maxInFlight, zone, 0, source);
    }

    /** A backend of weight 1 without a limit. */
    public static BackendSpec of(String id, URI uri) {
        return new BackendSpec(id, uri, 1, 0, "");
    }

    /** Whether Velo speaks TLS to this backend. */
    public boolean secure() {
        return "https".equals(uri.getScheme());
    }

    /** Whether Velo speaks HTTP/1.1 to this backend. */
    public boolean http11() {
        return secure() || "http".equals(uri.getScheme());
    }

    /** The same, spoken to by HTTP/1.1. */
    public BackendSpec byHttp11() {
        URI other = http11()
                ? uri
                : URI.create("http" + uri.toString().substring(uri.getScheme().length()));
        return new BackendSpec(id, other, weight, maxInFlight, zone, priority, source, readiness);
    }

    /** Whether a connection to the one is a connection to the other. */
    public boolean sameOrigin(BackendSpec other) {
        return uri.equals(other.uri);
    }

    /** The same with another source. */
    public BackendSpec from(Source other) {
        return new BackendSpec(id, uri, weight, maxInFlight, zone, priority, other, readiness);
    }

    /** The same with another priority. */
    public BackendSpec withPriority(int other) {
        return new BackendSpec(id, uri, weight, maxInFlight, zone, other, source, readiness);
    }

    /** The same in another state. */
    public BackendSpec withReadiness(Readiness other) {
        return other == readiness ? this : new BackendSpec(id, uri, weight, maxInFlight, zone, priority, source, other);
    }

    /** Whether both say the same but of its state. */
    public boolean readsLike(BackendSpec other) {
        return equals(other.withReadiness(readiness));
    }

    /** Who named a backend, or changed it last. */
    public enum Source {
        /** The configuration: file, variables and flags. */
        CONFIG,
        /** An operator, while Velo runs. */
        ADMIN,
        /** Who was asked for backends, where the configuration says to ask. */
        DISCOVERY;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** As endpoints say it: lower case. */
        public String word() {
            return word;
        }
    }
}
