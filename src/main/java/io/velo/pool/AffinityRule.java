package io.velo.pool;

import java.time.Duration;

/**
 * The cookie by which a client comes back to its backend.
 *
 * @param name of the cookie; empty if there is none
 * @param ttl how long a client keeps it, in whole seconds; zero for as long as it runs
 * @param path below which it is sent
 * @param secure whether it is sent by TLS only
 * @param httpOnly whether scripts don't see it
 * @param sameSite whether other sites may make a browser send it
 * @param secret by which it is made, so that nobody else can make one
 */
public record AffinityRule(
        String name, Duration ttl, String path, Secure secure, boolean httpOnly, SameSite sameSite, String secret) {

    /** No cookie. */
    public static final AffinityRule OFF =
            new AffinityRule("", Duration.ZERO, "/", Secure.AUTO, true, SameSite.LAX, "");

    /** Whether there is a cookie. */
    public boolean on() {
        return !name.isEmpty();
    }

    /** Without the secret, for logs. */
    @Override
    public String toString() {
        return "AffinityRule[name=" + name + ", ttl=" + ttl + ", path=" + path + ", secure=" + secure + ", httpOnly="
                + httpOnly + ", sameSite=" + sameSite + ", secret " + (secret.isEmpty() ? "missing]" : "set]");
    }

    /** Whether a cookie is for TLS only. */
    public enum Secure {
        /** If the client that gets it has come by TLS. */
        AUTO,
        /** In any case. */
        ALWAYS,
        /** In no case. */
        NEVER
    }

    /** Which sites may make a browser send a cookie. */
    public enum SameSite {
        /** All; browsers take such a cookie only if it is for TLS alone. */
        NONE("None"),
        /** The own one, and others by links to it. */
        LAX("Lax"),
        /** The own one. */
        STRICT("Strict");

        private final String word;

        SameSite(String word) {
            this.word = word;
        }

        /** As the attribute of the cookie says it. */
        String word() {
            return word;
        }
    }
}
