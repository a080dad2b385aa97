package io.velo.pool;

import io.velo.strategy.RequestView;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * By what a client is known, so that it always comes to the same side of a canary. What it is known by comes down to one of
 * {@link #SLOTS} slots; the lowest ones are the canary's. Immutable.
 *
 * @param header name of the field that tells clients apart; empty unless it is by a field
 */
public record CanaryKey(Kind kind, String header) {

    /** Hundredths of a percent. */
    public static final int SLOTS = 10_000;

    /** The cookie by which clients are known to whom Velo gives one; its value is their slot. */
    public static final String COOKIE = "velo-canary";

    private static final String FIELD = "header:";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** Shifts and factors of the last mix of MurmurHash3, which lets each bit of its input bear on each bit of the slot. */
    private static final int FIRST = 0x85ebca6b;

    private static final int SECOND = 0xc2b2ae35;

    /** By what. */
    public enum Kind {
        /** A cookie that Velo gives the client. */
        COOKIE,
        /** The value of a field; without the field there is no canary for a request. */
        HEADER,
        /** The client's address. */
        ADDRESS
    }

    /**
     * Reads it as configurations write it: {@code cookie}, {@code address}, {@code header:NAME}.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    public static CanaryKey parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith(FIELD)
                && TOKEN.matcher(lower.substring(FIELD.length())).matches()) {
            return new CanaryKey(Kind.HEADER, lower.substring(FIELD.length()));
        }
        return switch (lower) {
            case "cookie" -> new CanaryKey(Kind.COOKIE, "");
            case "address" -> new CanaryKey(Kind.ADDRESS, "");
            default -> throw new IllegalArgumentException("no key of a canary: " + text);
        };
    }

    /** The slot of a request's client, 0 to {@link #SLOTS} - 1; empty if it has none yet. O(length of what it is known by). */
    OptionalInt slot(RequestView request) {
        return switch (kind) {
            case COOKIE -> request.header("Cookie").map(CanaryKey::ofCookies).orElse(OptionalInt.empty());
            case HEADER -> ofText(request.header(header));
            case ADDRESS -> OptionalInt.of(slotOf(request.clientAddress()));
        };
    }

    private static OptionalInt ofText(Optional<String> text) {
        return text.isPresent() ? OptionalInt.of(slotOf(text.get())) : OptionalInt.empty();
    }

    private static int slotOf(String text) {
        int hash = text.hashCode();
        hash = (hash ^ (hash >>> 16)) * FIRST;
        hash = (hash ^ (hash >>> 13)) * SECOND;
        return Math.floorMod(hash ^ (hash >>> 16), SLOTS);
    }

    /** What stands in the cookie; anything but a slot is as good as no cookie. */
    private static OptionalInt ofCookies(String cookies) {
        for (int from = 0; from < cookies.length(); ) {
            int semicolon = cookies.indexOf(';', from);
            int end = semicolon < 0 ? cookies.length() : semicolon;
            while (from < end && cookies.charAt(from) == ' ') {
                from++;
            }
            if (cookies.startsWith(COOKIE + "=", from)) {
                return number(cookies, from + COOKIE.length() + 1, end);
            }
            from = end + 1;
        }
        return OptionalInt.empty();
    }

    private static OptionalInt number(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || value >= SLOTS) {
                return OptionalInt.empty();
            }
            value = value * 10 + digit;
        }
        return from < to && value < SLOTS ? OptionalInt.of(value) : OptionalInt.empty();
    }
}
