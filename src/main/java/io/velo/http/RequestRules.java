package io.velo.http;

import java.util.List;

/**
 * Whether a request says without doubt where it goes and where its body ends (RFC 9112 sections 3.2 and 6.1, RFC 9110
 * sections 7.2 and 9.1). Where a backend might understand it in another way than Velo, it is refused; what a codec refuses
 * by itself isn't looked at again.
 */
public final class RequestRules {

    private static final String TOKEN = "!#$%&'*+-.^_`|~";
    private static final String NAME = "-._~!$&'()*+,;=%";
    private static final String ADDRESS = "-._~!$&'()*+,;=:";
    private static final int LARGEST_PORT = 65_535;

    private RequestRules() {}

    /**
     * Judges the head of a request.
     *
     * @param hosts values of all {@code Host} fields
     * @param codings values of all {@code Transfer-Encoding} fields
     */
    public static boolean acceptable(RequestLine line, List<String> hosts, List<String> codings) {
        return isForwarded(line.method())
                && RequestTarget.acceptable(line.target())
                && namesOneHost(line.http10(), hosts)
                && isForHost(line, hosts)
                && isPlainOrChunked(codings);
    }

    /** CONNECT would make a tunnel, and TRACE shows a client what it isn't meant to see. */
    private static boolean isForwarded(String method) {
        return consistsOf(method, 0, method.length(), TOKEN) && !method.equals("CONNECT") && !method.equals("TRACE");
    }

    private static boolean namesOneHost(boolean http10, List<String> hosts) {
        if (hosts.isEmpty()) {
            return http10;
        }
        return hosts.size() == 1 && isAuthority(hosts.get(0));
    }

    /** A name or an address, perhaps in brackets, and perhaps a port. */
    private static boolean isAuthority(String text) {
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            return close > 1 && consistsOf(text, 1, close, ADDRESS) && endsWithPort(text, close + 1);
        }
        int colon = text.indexOf(':');
        return colon < 0
                ? consistsOf(text, 0, text.length(), NAME)
                : consistsOf(text, 0, colon, NAME) && endsWithPort(text, colon);
    }

    /** Whether what begins there is a colon and a port, or nothing. */
    private static boolean endsWithPort(String text, int from) {
        if (from == text.length()) {
            return true;
        }
        int port = 0;
        for (int i = from + 1; i < text.length() && port <= LARGEST_PORT; i++) {
            char c = text.charAt(i);
            port = c >= '0' && c <= '9' ? port * 10 + c - '0' : LARGEST_PORT + 1;
        }
        return text.charAt(from) == ':' && text.length() > from + 1 && port <= LARGEST_PORT;
    }

    /** A path; or the same host once more before it; or the server as a whole, for OPTIONS. */
    private static boolean isForHost(RequestLine line, List<String> hosts) {
        String target = line.target();
        if (target.startsWith("/")) {
            return true;
        }
        if (target.equals("*")) {
            return line.method().equals("OPTIONS");
        }
        String authority = RequestTarget.authority(target, line.scheme());
        return isAuthority(authority) && (hosts.isEmpty() || authority.equalsIgnoreCase(hosts.get(0)));
    }

    private static boolean isPlainOrChunked(List<String> codings) {
        return codings.isEmpty()
                || (codings.size() == 1 && codings.get(0).strip().equalsIgnoreCase("chunked"));
    }

    private static boolean consistsOf(String text, int from, int to, String others) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && others.indexOf(c) < 0) {
                return false;
            }
        }
        return from < to;
    }
}
