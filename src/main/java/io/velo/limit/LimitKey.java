package io.velo.limit;

import io.velo.strategy.RequestView;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whose requests are counted together. Written {@code route} (all of them), {@code address}, {@code path},
 * {@code api-key}, {@code principal} or {@code header:NAME}, or several of these with {@code +} between.
 *
 * @param parts at least one
 */
public record LimitKey(List<Part> parts) {

    private static final String API_KEY = "X-API-Key";
    private static final int MOST_PLAIN = 64;

    /** What a part of a key is. */
    public enum Kind {
        /** The same for all. */
        ROUTE,
        /** The client's address, IPv6 by networks of 64 bits. */
        ADDRESS,
        /** The path, as the client wrote it. */
        PATH,
        /** Who the client has proved to be. */
        PRINCIPAL,
        /** The field X-API-Key. */
        API_KEY,
        /** A field of the head. */
        HEADER;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * A part of a key.
     *
     * @param name of the field; empty for other kinds
     */
    public record Part(Kind kind, String name) {

        /** A request that doesn't have it goes by its address. */
        String of(RequestView request) {
            return switch (kind) {
                case ROUTE -> "*";
                case ADDRESS -> ClientNetwork.of(request.clientAddress());
                case PATH -> plain(pathOf(request.target()));
                case PRINCIPAL -> named(request.principal(), request);
                case API_KEY -> named(request.header(API_KEY), request);
                case HEADER -> named(request.header(name), request);
            };
        }

        private static String pathOf(String target) {
            int query = target.indexOf('?');
            return query < 0 ? target : target.substring(0, query);
        }

        /** What names a client may be a secret, so it isn't kept as it is. */
        private static String named(Optional<String> value, RequestView request) {
            return value.filter(text -> !text.isEmpty())
                    .map(Part::digest)
                    .orElseGet(() -> ClientNetwork.of(request.clientAddress()));
        }

        private static String plain(String text) {
            return text.length() <= MOST_PLAIN ? text : digest(text);
        }

        private static String digest(String text) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return "#" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JVM has SHA-256", e);
            }
        }
    }

    public LimitKey {
        parts = List.copyOf(parts);
    }

    /** Reads a key as it is written; empty if there is no such key. */
    public static Optional<LimitKey> parse(String text) {
        List<Part> parts = new ArrayList<>();
        for (String each : text.split("\\+", -1)) {
            Optional<Part> part = part(each.strip());
            if (part.isEmpty()) {
                return Optional.empty();
            }
            parts.add(part.get());
        }
        return Optional.of(new LimitKey(parts));
    }

    private static Optional<Part> part(String text) {
        if (text.regionMatches(true, 0, "header:", 0, "header:".length())) {
            String name = text.substring("header:".length());
            return name.matches("[A-Za-z0-9!#$%&'*.^_`|~-]+")
                    ? Optional.of(new Part(Kind.HEADER, name))
                    : Optional.empty();
        }
        for (Kind kind : Kind.values()) {
            if (kind != Kind.HEADER && kind.word().equalsIgnoreCase(text)) {
                return Optional.of(new Part(kind, ""));
            }
        }
        return Optional.empty();
    }

    /** The key of a request, at most about 100 characters for each part. */
    String of(RequestView request) {
        if (parts.size() == 1) {
            return parts.get(0).of(request);
        }
        StringBuilder key = new StringBuilder();
        for (Part part : parts) {
            key.append(part.of(request)).append('|');
        }
        return key.toString();
    }
}
