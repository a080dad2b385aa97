package io.velo.tracing;

/**
 * Host and port that a request was sent to.
 *
 * @param host name or address, without the brackets of IPv6
 * @param port 1 to 65535
 */
record Authority(String host, int port) {

    private static final int MOST = 65_535;

    /**
     * What {@code Host} says; the host is empty if it says nothing sensible.
     *
     * @param secure whether the scheme's own port is that of https
     */
    static Authority of(String field, boolean secure) {
        int own = secure ? 443 : 80;
        int colon = field.lastIndexOf(':');
        if (colon < 0 || field.indexOf(']') > colon) {
            return new Authority(bare(field), own);
        }
        int port = port(field.substring(colon + 1), own);
        return port == 0 ? new Authority("", own) : new Authority(bare(field.substring(0, colon)), port);
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** Zero if it isn't one. */
    private static int port(String digits, int own) {
        if (digits.isEmpty()) {
            return own;
        }
        boolean number = digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = number ? Integer.parseInt(digits) : 0;
        return port <= MOST ? port : 0;
    }
}
