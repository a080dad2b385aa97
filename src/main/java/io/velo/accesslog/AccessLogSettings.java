package io.velo.accesslog;

/**
 * Settings of the access log.
 *
 * @param format what a line looks like
 * @param file where lines go; empty for the standard output
 * @param maxFileBytes a file that has grown to this is put aside, at least 1
 * @param maxHistory days after which a file that was put aside is deleted; 0 for never
 * @param queueSize lines that may wait to be written, at least 1
 */
public record AccessLogSettings(Format format, String file, long maxFileBytes, int maxHistory, int queueSize) {

    /** What a line looks like. */
    public enum Format {
        /** An object with all fields. */
        JSON,
        /** The combined format of Apache and nginx. */
        COMBINED
    }
}
