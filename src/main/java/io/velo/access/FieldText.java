package io.velo.access;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.stream.Collectors;

/** Text of strangers as it can stand in a header field: what isn't visible ASCII is percent-encoded, and so are % and commas. */
final class FieldText {

    private FieldText() {}

    static String of(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            if (each > ' ' && each < 0x7f && each != '%' && each != ',') {
                safe.append((char) each);
            } else {
                safe.append('%').append(hex(each >> 4)).append(hex(each));
            }
        }
        return safe.toString();
    }

    /** Several, with commas between. */
    static String of(Collection<String> texts) {
        return texts.stream().map(FieldText::of).collect(Collectors.joining(","));
    }

    private static char hex(int value) {
        return Character.toUpperCase(Character.forDigit(value & 0xf, 16));
    }
}
