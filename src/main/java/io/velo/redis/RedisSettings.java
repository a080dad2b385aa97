package io.velo.redis;

import java.time.Duration;

/**
 * Where Redis is.
 *
 * @param url {@code redis://host:port/database}, or {@code rediss://} by TLS
 * @param username empty for the default user
 * @param password empty for none
 * @param prefix what the names of all keys begin with
 * @param timeout longest wait for an answer
 */
public record RedisSettings(String url, String username, String password, String prefix, Duration timeout) {

    /** Without the password, for logs. */
    @Override
    public String toString() {
        return "RedisSettings[url=" + url + ", prefix=" + prefix + "]";
    }
}
