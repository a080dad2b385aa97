package io.velo.http;

import java.util.List;
import java.util.Locale;

/**
 * Whether a request says without doubt where it goes and where its body ends (RFC 9112 sections 3.2 and 6.1, RFC 9110
 * sections 7.2 and 9.1). Where a backend might understand it in another way than Velo, it is refused; what a codec refuses
 * by itself isn't looked at again.
 */
public final class RequestRules {

    private static final String TOKEN = "!#$%&'*+-.^_`|~";
    private static final String HOST = "-._~!$&'()*+,;=%:[]";

    private RequestRules() {}

    /**
     * Judges the head of a request.
     *
     * @param method as it came
     * @param target as it came
     * @param http10 whether it is of version 1.0, whose clients need not name a host
     * @param hosts values of all {@code Host} fields
     * @param codings values of all {@code Transfer-Encoding} fields
     */
    public static boolean acceptable(
            String method, String target, boolean http10, List<String> hosts, List<String> codings) {
        return isForwarded(method)
                && RequestTarget.acceptable(target)
                && namesOneHost(http10, hosts)
                && isForHost(method, target, hosts)
                && isPlainOrChunked(codings);
    }

    /** CONNECT would make a tunnel, and TRACE shows a client what it isn't meant to see. */
    private static boolean isForwarded(String method) {
        return consistsOf(method, TOKEN) && !method.equals("CONNECT") && !method.equals("TRACE");
    }

    private static boolean namesOneHost(boolean http10, List<String> hosts) {
        if (hosts.isEmpty()) {
            return http10;
        }
        return hosts.size() == 1 && consistsOf(hosts.get(0), HOST);
    }

    /** A path; or the same host once more before it; or the server as a whole, for OPTIONS. */
    private static boolean isForHost(String method, String target, List<String> hosts) {
        if (target.startsWith("/")) {
            return true;
        }
        if (target.equals("*")) {
            return method.equals("OPTIONS");
        }
        String lower = target.toLowerCase(Locale.ROOT);
        int start = lower.startsWith("http://") ? "http://".length() : "https://".length();
        if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
            return false;
        }
        int end = start;
        while (end < target.length() && "/?".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        String authority = target.substring(start, end);
        return consistsOf(authority, HOST) && (hosts.isEmpty() || authority.equalsIgnoreCase(hosts.get(0)));
    }

    private static boolean isPlainOrChunked(List<String> codings) {
        return codings.isEmpty()
                || (codings.size() == 1 && codings.get(0).strip().equalsIgnoreCase("chunked"));
    }

    private static boolean consistsOf(String text, String others) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && others.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
