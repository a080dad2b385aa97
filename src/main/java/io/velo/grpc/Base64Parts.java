package io.velo.grpc;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;

/**
 * Decodes base64 that comes in parts, cut anywhere, and in which padding may stand not only at the end but wherever its writer
 * has flushed. Not thread-safe.
 */
public final class Base64Parts {

    private static final int GROUP = 4;

    private byte[] rest = {};

    /**
     * The bytes of one more part, as far as they are complete.
     *
     * @throws IllegalArgumentException if it isn't base64
     */
    public byte[] decode(byte[] part) {
        byte[] known = Arrays.copyOf(rest, rest.length + part.length);
        System.arraycopy(part, 0, known, rest.length, part.length);
        int whole = known.length - known.length % GROUP;
        rest = Arrays.copyOfRange(known, whole, known.length);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(whole);
        for (int from = 0; from < whole; ) {
            int to = endOfSegment(known, from, whole);
            decoded.writeBytes(Base64.getDecoder().decode(Arrays.copyOfRange(known, from, to)));
            from = to;
        }
        return decoded.toByteArray();
    }

    private static int endOfSegment(byte[] text, int from, int end) {
        for (int to = from + GROUP; to < end; to += GROUP) {
            if (text[to - 1] == '=') {
                return to;
            }
        }
        return end;
    }

    /** Whether nothing is missing. */
    public boolean whole() {
        return rest.length == 0;
    }
}
