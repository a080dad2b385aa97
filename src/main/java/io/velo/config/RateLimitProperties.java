package io.velo.config;

import io.velo.limit.OutagePolicy;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits on the requests of clients.
 *
 * @param store where requests are counted: local, each instance by itself, or redis, all of them together
 * @param onOutage what becomes of requests when Redis doesn't answer: local, each instance counts by itself, allow or deny
 * @param maxKeys how many keys each limit remembers in this process
 * @param redis where Redis is
 * @param rules the limits; a request comes under each one that its route is named in
 */
public record RateLimitProperties(
        @DefaultValue("local") Store store,
        @DefaultValue("local") OutagePolicy onOutage,
        @DefaultValue("100000") int maxKeys,
        @DefaultValue Redis redis,
        @DefaultValue List<Rule> rules) {

    /** Where requests are counted. */
    public enum Store {
        /** In the memory of each instance. */
        LOCAL,
        /** In Redis, for all instances together. */
        REDIS
    }

    /**
     * Where Redis is.
     *
     * @param url redis://host:port/database, or rediss:// by TLS
     * @param username who Velo is there; empty for the default user
     * @param password what it proves that by; empty for none
     * @param prefix what the names of all its keys there begin with, the same for instances that count together
     * @param timeout longest wait for an answer
     */
    public record Redis(
            @DefaultValue("redis://127.0.0.1:6379") String url,
            @DefaultValue("") String username,
            @DefaultValue("") String password,
            @DefaultValue("velo:limit:") String prefix,
            @DefaultValue("50ms") Duration timeout) {

        /** Without the password, for logs. */
        @Override
        public String toString() {
            return "Redis[url=" + url + ", password " + (password.isEmpty() ? "missing]" : "set]");
        }
    }

    /**
     * One limit.
     *
     * @param name its name
     * @param routes ids of the routes that it is for; all if empty
     * @param key whose requests are counted together: route, address, path, principal, api-key or header:NAME, or several
     *     with + between
     * @param requests so many in each period; 0 for any number
     * @param period what that is in
     * @param burst how many may come at once; 0 for as many as in a period
     * @param concurrency how many may be in flight at once in each instance; 0 for any number
     */
    public record Rule(
            @DefaultValue("") String name,
            @DefaultValue List<String> routes,
            @DefaultValue("address") String key,
            @DefaultValue("0") int requests,
            @DefaultValue("1s") Duration period,
            @DefaultValue("0") int burst,
            @DefaultValue("0") int concurrency) {}
}
