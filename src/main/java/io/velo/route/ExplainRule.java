package io.velo.route;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Who is told how a request was handled.
 *
 * @param always everyone
 * @param token who sends it in the field {@link Explanation#FIELD}; empty for nobody
 */
public record ExplainRule(boolean always, String token) {

    /** Nobody. */
    public static final ExplainRule NOBODY = new ExplainRule(false, "");

    /** Whether nobody is ever told, so that no request has to be looked at. */
    public boolean off() {
        return !always && token.isEmpty();
    }

    /**
     * Whether this request's client is told. Takes the same time for each wrong token.
     *
     * @param shown the field's value; empty if there is none
     */
    public boolean admits(String shown) {
        return always || (!token.isEmpty() && MessageDigest.isEqual(bytes(token), bytes(shown)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Without the token, for logs. */
    @Override
    public String toString() {
        return "ExplainRule[always=" + always + ", token " + (token.isEmpty() ? "missing]" : "set]");
    }
}
