package io.velo.config;

import io.velo.accesslog.AccessLogSettings;
import io.velo.route.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What concerns all pools.
 *
 * @param forwarded whom to believe about clients
 * @param client limits on the connections of clients
 * @param tls TLS towards clients, apart from server.ssl.*
 * @param http2 limits on those of them that speak HTTP/2
 * @param http3 a second server, for HTTP/3
 * @param metrics the JSON view of the meters
 * @param dashboard the live page
 * @param express the express lane
 * @param accessLog a line for each request
 * @param transport how Velo asks the kernel for its sockets
 * @param admin changes by operators
 * @param reload changes by the file
 * @param discovery how backends are looked for
 * @param explain answers that tell how they came about
 * @param routeTerms what holds for the requests of single routes
 * @param overload when requests are turned away
 * @param rateLimit limits on the requests of clients
 * @param auth who may pass
 * @param demo backends inside the process, for a first look
 * @param pools further pools by name; each takes the keys of the default pool, what it leaves out comes from there
 */
@ConfigurationProperties("lb")
public record LbProperties(
        @DefaultValue Forwarded forwarded,
        @DefaultValue @NestedConfigurationProperty ClientProperties client,
        @DefaultValue @NestedConfigurationProperty TlsProperties tls,
        @DefaultValue Http2 http2,
        @DefaultValue Http3 http3,
        @DefaultValue Metrics metrics,
        @DefaultValue Dashboard dashboard,
        @DefaultValue Express express,
        @DefaultValue AccessLog accessLog,
        @DefaultValue("auto") Transport transport,
        @DefaultValue Admin admin,
        @DefaultValue Reload reload,
        @DefaultValue Discovery discovery,
        @DefaultValue Explain explain,
        @DefaultValue List<RouteTerm> routeTerms,
        @DefaultValue @NestedConfigurationProperty OverloadProperties overload,
        @DefaultValue @NestedConfigurationProperty RateLimitProperties rateLimit,
        @NestedConfigurationProperty @DefaultValue AuthProperties auth,
        @DefaultValue Demo demo,
        @DefaultValue Map<String, PoolProperties> pools) {

    /**
     * Forwarded fields.
     *
     * @param trusted networks (CIDR) of proxies whose X-Forwarded-* fields are believed; those of others are replaced
     * @param proxyProtocol networks (CIDR) of proxies whose connections begin with a PROXY header, which says whose they are;
     *     one of theirs without is closed, and of others none is understood
     */
    public record Forwarded(
            @DefaultValue List<String> trusted,
            @DefaultValue List<String> proxyProtocol) {}

    /**
     * What holds for the requests of one route.
     *
     * @param id of the route
     * @param maxBody largest body of a request; 0B for any; that of all routes if left out
     * @param priority whose requests are answered when not all can be: low, normal or high
     */
    public record RouteTerm(
            @DefaultValue("") String id,
            @Nullable DataSize maxBody,
            @DefaultValue("normal") Priority priority) {}

    /**
     * Connections of clients that speak HTTP/2; whether any do is {@code server.http2.enabled}.
     *
     * @param maxConcurrentStreams most requests at once on one connection, 1 to 10,000
     * @param initialWindowSize what a client may send of a body before any of it was read, 64KB to 16MB
     * @param maxResets streams that a client may reset within 30 seconds, 1 to 100,000; with more streams opened, half of those
     * @param frameBudget frames without a use that a client may send, 100 to 1,000,000; requests, answers and time earn more
     */
    public record Http2(
            @DefaultValue("100") int maxConcurrentStreams,
            @DefaultValue("64KB") DataSize initialWindowSize,
            @DefaultValue("200") int maxResets,
            @DefaultValue("1000") int frameBudget) {}

    /**
     * A second server, for HTTP/3, with the certificate of {@code server.ssl}.
     *
     * @param enabled whether there is one
     * @param port its UDP port; 0 for the number of the TCP port
     */
    public record Http3(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("0") int port) {}

    /**
     * The JSON view of the meters.
     *
     * @param enabled whether it is served
     * @param path where; on the management port if there is one
     */
    public record Metrics(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("/metrics") String path) {}

    /**
     * The live page.
     *
     * @param enabled whether it is served at /dashboard; on the management port if there is one
     */
    public record Dashboard(@DefaultValue("true") boolean enabled) {}

    /**
     * The express lane.
     *
     * @param enabled whether routes whose predicates and filters are all known take it
     */
    public record Express(@DefaultValue("true") boolean enabled) {}

    /**
     * A line for each request.
     *
     * @param enabled whether it is written
     * @param format json, or combined as Apache and nginx have it
     * @param file where to; empty for the standard output
     * @param maxFileSize a file that has grown to this size is put aside, and so is that of yesterday
     * @param maxHistory days after which files that were put aside are deleted; 0 for never
     * @param queueSize lines that may wait to be written; further ones are dropped and counted
     */
    public record AccessLog(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("json") AccessLogSettings.Format format,
            @DefaultValue("") String file,
            @DefaultValue("100MB") DataSize maxFileSize,
            @DefaultValue("7") int maxHistory,
            @DefaultValue("8192") int queueSize) {}

    /** How Velo asks the kernel for its sockets. */
    public enum Transport {
        /** By epoll on Linux, by the JDK's own means elsewhere. */
        AUTO,
        /** By io_uring, or as {@link #AUTO} where there is none. */
        IO_URING
    }

    /**
     * Changes by operators.
     *
     * @param token what they have to show; without one nobody may change anything
     * @param backends networks (CIDR), hosts and *.domains that they may add; if empty, any but link-local addresses
     * @param readers networks (CIDR) from which endpoints, meters and dashboard may be read without the token; if empty, all
     */
    public record Admin(
            @DefaultValue("") String token,
            @DefaultValue List<String> backends,
            @DefaultValue List<String> readers) {

        /** Without the token, for logs. */
        @Override
        public String toString() {
            return "Admin[token " + (token.isEmpty() ? "missing]" : "set]");
        }
    }

    /**
     * Changes by the file.
     *
     * @param watch whether the file is watched
     * @param poll how often it is looked at besides, for file systems that don't tell of changes
     */
    public record Reload(
            @DefaultValue("true") boolean watch,
            @DefaultValue("5s") Duration poll) {}

    /**
     * How backends are looked for.
     *
     * @param nameservers addresses of name servers, with a port where it isn't 53; empty for those of the system
     * @param timeout bounds one look
     * @param minRefresh shortest time from one look to the next, whatever records say
     * @param maxRefresh longest time from one look to the next
     */
    public record Discovery(
            @DefaultValue List<String> nameservers,
            @DefaultValue("5s") Duration timeout,
            @DefaultValue("1s") Duration minRefresh,
            @DefaultValue("30s") Duration maxRefresh) {}

    /**
     * Answers that tell how they came about, in Velo-Explain and Server-Timing.
     *
     * @param enabled whether all answers do; they name backends, so not towards strangers
     * @param token otherwise those to requests that carry it in the field Velo-Explain; none if empty
     */
    public record Explain(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("") String token) {

        /** Without the token, for logs. */
        @Override
        public String toString() {
            return "Explain[enabled=" + enabled + ", token " + (token.isEmpty() ? "missing]" : "set]");
        }
    }

    /**
     * Backends inside the process.
     *
     * @param backends how many; they take ports from 8081 on and are the default pool unless it has other backends
     */
    public record Demo(@DefaultValue("0") int backends) {}
}
