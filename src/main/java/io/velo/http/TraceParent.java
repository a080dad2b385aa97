package io.velo.http;

/** The field {@code traceparent} of W3C Trace Context: {@code 00-<trace id>-<parent id>-<flags>}, all in lower-case hex. */
public final class TraceParent {

    private static final int TRACE_ID = 3;
    private static final int PARENT_ID = 36;
    private static final int FLAGS = 53;
    private static final int LENGTH = 55;
    private static final String INVALID_VERSION = "ff";

    private TraceParent() {}

    /** The trace id of a field's value; empty if the value isn't valid. Versions after 00 may be longer. */
    public static String traceId(String value) {
        boolean valid = value.length() >= LENGTH
                && isHex(value, 0, TRACE_ID - 1)
                && isHex(value, TRACE_ID, PARENT_ID - 1)
                && isHex(value, PARENT_ID, FLAGS - 1)
                && isHex(value, FLAGS, LENGTH)
                && isOther(value, TRACE_ID, PARENT_ID - 1)
                && isOther(value, PARENT_ID, FLAGS - 1)
                && endsRight(value);
        return valid ? value.substring(TRACE_ID, PARENT_ID - 1) : "";
    }

    private static boolean isHex(String value, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = value.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return end == LENGTH || value.charAt(end) == '-';
    }

    /** Other than zeros, which stand for none. */
    private static boolean isOther(String value, int start, int end) {
        for (int i = start; i < end; i++) {
            if (value.charAt(i) != '0') {
                return true;
            }
        }
        return false;
    }

    private static boolean endsRight(String value) {
        boolean first = value.startsWith("00");
        return !value.startsWith(INVALID_VERSION)
                && (value.length() == LENGTH || (!first && value.charAt(LENGTH) == '-'));
    }
}
