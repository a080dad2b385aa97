package io.velo.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * gRPC as browsers speak it, by any version of HTTP: the same messages, in base64 if the type says text, and behind them, in a
 * frame of its own, what are trailers otherwise.
 */
public final class GrpcWeb {

    private static final String CONTENT_TYPE = "application/grpc-web";
    private static final String TEXT = "-text";
    private static final int TRAILERS = 0x80;
    private static final int FRAME = 5;

    private GrpcWeb() {}

    /**
     * Whether a request is such a call.
     *
     * @param contentType the field's value, empty if it has none
     */
    public static boolean is(String contentType) {
        return startsWith(contentType, CONTENT_TYPE) && !formatOf(contentType).equals("-");
    }

    /** Whether its messages are in base64. */
    public static boolean isText(String contentType) {
        return startsWith(contentType, CONTENT_TYPE + TEXT);
    }

    /** The type of the same call between servers. */
    public static String toGrpc(String contentType) {
        return GrpcCall.CONTENT_TYPE + formatOf(contentType);
    }

    /** The type of an answer to such a call: the request's own. */
    public static String answerTo(String contentType) {
        return CONTENT_TYPE + (isText(contentType) ? TEXT : "") + formatOf(contentType);
    }

    /** What stands behind the plus sign, with it; "-" if the type is none of this kind. */
    private static String formatOf(String contentType) {
        String rest = contentType.substring(CONTENT_TYPE.length() + (isText(contentType) ? TEXT.length() : 0));
        int end = rest.indexOf(';');
        String format = (end < 0 ? rest : rest.substring(0, end)).strip();
        return format.isEmpty() || format.charAt(0) == '+' ? format : "-";
    }

    private static boolean startsWith(String text, String beginning) {
        return text.regionMatches(true, 0, beginning, 0, beginning.length());
    }

    /** The last frame of an answer. */
    public static byte[] trailers(Iterable<Map.Entry<String, String>> fields) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (Map.Entry<String, String> field : fields) {
            String line = field.getKey().toLowerCase(Locale.ROOT) + ": " + field.getValue() + "\r\n";
            lines.writeBytes(line.getBytes(StandardCharsets.ISO_8859_1));
        }
        return ByteBuffer.allocate(FRAME + lines.size())
                .put((byte) TRAILERS)
                .putInt(lines.size())
                .put(lines.toByteArray())
                .array();
    }
}
