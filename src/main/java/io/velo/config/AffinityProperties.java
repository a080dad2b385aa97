package io.velo.config;

import io.velo.pool.AffinityRule;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a client comes back to its backend.
 *
 * @param type none, or cookie
 * @param name name of the cookie; velo- and the name of the pool if empty
 * @param ttl how long a client keeps the cookie; 0s for as long as it runs
 * @param path below which path it is sent
 * @param secure whether it is for TLS alone: auto, if the client that gets it came by TLS; always; never
 * @param httpOnly whether scripts don't see it
 * @param sameSite which sites make a browser send it: lax, strict, or none for all, which needs secure: always
 * @param secret what the cookie is made by, the same for all instances of Velo; a random one if empty, for this process
 */
public record AffinityProperties(
        @DefaultValue("none") By type,
        @DefaultValue("") String name,
        @DefaultValue("0s") Duration ttl,
        @DefaultValue("/") String path,
        @DefaultValue("auto") AffinityRule.Secure secure,
        @DefaultValue("true") boolean httpOnly,
        @DefaultValue("lax") AffinityRule.SameSite sameSite,
        @DefaultValue("") String secret) {

    /** By what a client is known. */
    public enum By {
        /** By nothing. */
        NONE,
        /** By a cookie that Velo gives it. */
        COOKIE
    }

    /** Without the secret, for logs. */
    @Override
    public String toString() {
        return "Affinity[type=" + type + ", name=" + name + ", secret " + (secret.isEmpty() ? "missing]" : "set]");
    }
}
