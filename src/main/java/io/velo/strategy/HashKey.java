package io.velo.strategy;

import io.velo.http.Parts;
import java.util.Locale;
import java.util.Optional;

/**
 * What of a request the strategy {@code hash} goes by. Written {@code client}, {@code uri}, {@code header:NAME},
 * {@code cookie:NAME} or {@code query:NAME}. Values are taken as the client wrote them, nothing is decoded.
 *
 * @param source where the value stands
 * @param name its name there; empty for client and uri
 */
public record HashKey(Source source, String name) {

    /** The client's address. */
    public static final HashKey CLIENT = new HashKey(Source.CLIENT, "");

    /** Stands for a value that is missing or empty. */
    static final long MISSING = 0;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** Where a value may stand. */
    public enum Source {
        /** Address of the client. */
        CLIENT(false),
        /** Path and query. */
        URI(false),
        /** A field of the head. */
        HEADER(true),
        /** A cookie. */
        COOKIE(true),
        /** A parameter of the query. */
        QUERY(true);

        private final boolean named;

        Source(boolean named) {
            this.named = named;
        }
    }

    /** Reads a key as it is written; empty if there is no such key. */
    public static Optional<HashKey> parse(String text) {
        int colon = text.indexOf(':');
        String source = colon < 0 ? text : text.substring(0, colon);
        String name = colon < 0 ? "" : text.substring(colon + 1);
        for (Source each : Source.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(source)) {
                boolean fits = each.named ? name.matches("[!-~&&[^=;,&?#\"]]+") : colon < 0;
                return fits ? Optional.of(new HashKey(each, name)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** A hash of the request's value that is the same in every process, {@link #MISSING} if it has none. */
    long hash(RequestView request) {
        return switch (source) {
            case CLIENT -> hash(request.clientAddress());
            case URI -> hash(request.target());
            case HEADER -> hash(request.header(name).orElse(""));
            case COOKIE -> {
                String field = request.header("Cookie").orElse("");
                yield hash(field, Parts.cookie(field, name));
            }
            case QUERY -> hash(request.target(), Parts.parameter(request.target(), name));
        };
    }

    private static long hash(String text, long place) {
        return place == Parts.NONE ? MISSING : hash(text, Parts.start(place), Parts.end(place));
    }

    /** The hash of a text. */
    static long hash(String text) {
        return hash(text, 0, text.length());
    }

    /** FNV-1a over the characters, and then {@link #mix}, since its high bits alone would differ too little. */
    private static long hash(String text, int start, int end) {
        if (start >= end) {
            return MISSING;
        }
        long hash = FNV_OFFSET;
        for (int i = start; i < end; i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        long mixed = mix(hash);
        return mixed == MISSING ? 1 : mixed;
    }

    /** The finalizer of MurmurHash3: each bit of the input changes about half of those of the output. */
    static long mix(long value) {
        long mixed = value;
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }

    @Override
    public String toString() {
        String word = source.name().toLowerCase(Locale.ROOT);
        return name.isEmpty() ? word : word + ":" + name;
    }
}
