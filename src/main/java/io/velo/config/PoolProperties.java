package io.velo.config;

import io.velo.proxyprotocol.ProxyProtocol;
import io.velo.tls.BackendTlsSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What a pool can be told. Under {@code lb} it tells the default pool, and the others where they leave something out.
 *
 * @param strategy how a backend is chosen: roundrobin, leastconnection, p2c, random, leasttime, hash, or the name of a
 *     strategy bean
 * @param hash what the strategy hash goes by
 * @param zone Velo's own zone, whose backends are preferred; none if empty
 * @param zoneThreshold below this eligible part of the own zone requests spill over to others; 0 if nobody is left only
 * @param priorityThreshold below this eligible part of a priority requests spill over to the next; 0 if nobody is left only
 * @param affinity how a client comes back to its backend
 * @param backends the backends: URLs, or objects with url, id, weight, zone, max-in-flight, priority and backup
 * @param health active probing of every backend
 * @param circuit ejection of backends that fail requests
 * @param slowStart time in which the share of a backend that came back or joined grows from a tenth to its weight; 0s is at once
 * @param drainTimeout how long requests may go on on a backend that drains, before they are cut; 0s for no limit
 * @param panicThreshold if less than this part of the pool is eligible, health is ignored; 0 is never
 * @param timeouts how long a request may take
 * @param retry second attempts, on other backends
 * @param connections connections to the backends
 * @param concurrency how many requests each backend may have at once, found out by itself
 * @param tls TLS to backends with https URLs
 * @param proxyProtocol whether backends are told by a PROXY header whose a connection is: none, v1 or v2; then each client has
 *     connections of its own
 * @param canary a share of the clients that goes to another pool; other pools don't take it from above
 * @param mirror requests that another pool gets, too; other pools don't take it from above
 */
@ConfigurationProperties("lb")
public record PoolProperties(
        @DefaultValue("roundrobin") String strategy,
        @DefaultValue Hash hash,
        @DefaultValue("") String zone,
        @DefaultValue("0.7") double zoneThreshold,
        @DefaultValue("0") double priorityThreshold,
        @DefaultValue @NestedConfigurationProperty AffinityProperties affinity,
        @DefaultValue List<BackendProperties> backends,
        @DefaultValue @NestedConfigurationProperty HealthProperties health,
        @DefaultValue Circuit circuit,
        @DefaultValue("0s") Duration slowStart,
        @DefaultValue("30s") Duration drainTimeout,
        @DefaultValue("0") double panicThreshold,
        @DefaultValue Timeouts timeouts,
        @DefaultValue Retry retry,
        @DefaultValue Connections connections,
        @DefaultValue Concurrency concurrency,
        @DefaultValue Tls tls,
        @DefaultValue("none") ProxyProtocol proxyProtocol,
        @DefaultValue Canary canary,
        @DefaultValue Mirror mirror) {

    /**
     * What the strategy hash goes by.
     *
     * @param key client, uri, header:NAME, cookie:NAME or query:NAME; requests without it go round robin
     * @param balanceFactor how many times its share of the requests in flight a backend may have, at least 1; 0 for no bound
     */
    public record Hash(
            @DefaultValue("client") String key,
            @DefaultValue("1.25") double balanceFactor) {}

    /**
     * Ejection by the breaker.
     *
     * @param failureThreshold failures in a row that eject a backend
     * @param timeout length of the first ejection; the n-th in a row lasts n times as long, at most 300s
     * @param maxEjected the largest part of the pool that may be ejected at once; below 1 the last eligible backend never is
     * @param trialRequests requests let through at once after an ejection
     * @param statuses answers that count as failures
     * @param window how many of the latest requests the failure-rate rule looks at
     * @param failureRate share of failed or slow requests in the window that ejects too; 0 turns the rule off
     * @param slowCall requests that take longer count as slow for the failure-rate rule; 0s is none
     */
    public record Circuit(
            @DefaultValue("3") int failureThreshold,
            @DefaultValue("10s") Duration timeout,
            @DefaultValue("0.5") double maxEjected,
            @DefaultValue("1") int trialRequests,
            @DefaultValue({"502", "503", "504"}) Set<Integer> statuses,
            @DefaultValue("20") int window,
            @DefaultValue("0") double failureRate,
            @DefaultValue("0s") Duration slowCall) {}

    /**
     * Bounds on a request.
     *
     * @param connect TCP and TLS handshake with a backend
     * @param response from the end of the request to the head of the answer
     * @param bodyIdle longest silence of a backend inside a body
     * @param request the whole request with all its attempts; 0s for no bound
     * @param attempt one attempt, from the choice of its backend to the head of the answer; 0s for no bound of its own
     * @param websocketIdle longest time without a byte from either end of a WebSocket; 0s for no bound
     */
    public record Timeouts(
            @DefaultValue("3s") Duration connect,
            @DefaultValue("30s") Duration response,
            @DefaultValue("60s") Duration bodyIdle,
            @DefaultValue("0s") Duration request,
            @DefaultValue("0s") Duration attempt,
            @DefaultValue("1h") Duration websocketIdle) {}

    /**
     * Further attempts for requests that came to nothing, each on another backend. What could not be sent may go to another
     * one whatever its method; what may have arrived only if it is idempotent or has an Idempotency-Key.
     *
     * @param attempts how many further ones after the first; 0 for none
     * @param statuses answers, of 400 to 599, after which another backend is asked, too
     * @param budget largest part of the requests of the last ten seconds that may be sent a second time, 0 to 1
     * @param minRetries so many a second may in any case
     * @param backoff longest pause before the first of them, drawn at random; doubles with each further one
     * @param maxBackoff how far it may grow
     * @param replayLimit how much of a request's body is kept to be sent again; what is longer isn't repeated
     * @param hedgeDelay a GET or HEAD without an answer after this time asks a second backend, too, and takes the first answer; 0s
     *     is never
     */
    public record Retry(
            @DefaultValue("1") int attempts,
            @DefaultValue Set<Integer> statuses,
            @DefaultValue("0.2") double budget,
            @DefaultValue("3") int minRetries,
            @DefaultValue("25ms") Duration backoff,
            @DefaultValue("250ms") Duration maxBackoff,
            @DefaultValue("64KB") DataSize replayLimit,
            @DefaultValue("0s") Duration hedgeDelay) {}

    /**
     * Connections to the backends.
     *
     * @param maxPerBackend most connections to one backend
     * @param idle time after which an unused connection is closed; keep it below the backends' own
     * @param maxLife time after which a connection is not used again
     * @param queue most requests that wait for a connection to one backend, and most that wait for any backend with room
     * @param queueTimeout longest wait for either
     * @param maxStreams most requests at once on one connection of HTTP/2; the backend may allow fewer
     * @param window how much of one answer may be under way on a connection of HTTP/2 while its client doesn't read
     * @param ping after this time without a sign of the backend, a connection of HTTP/2 with requests is asked for one, and closed
     *     if none comes for as long again; 0s is never
     */
    public record Connections(
            @DefaultValue("512") int maxPerBackend,
            @DefaultValue("30s") Duration idle,
            @DefaultValue("5m") Duration maxLife,
            @DefaultValue("256") int queue,
            @DefaultValue("2s") Duration queueTimeout,
            @DefaultValue("100") int maxStreams,
            @DefaultValue("256KB") DataSize window,
            @DefaultValue("0s") Duration ping) {}

    /**
     * TLS to backends with https URLs.
     *
     * @param bundle SSL bundle (spring.ssl.bundle.*) with whom to trust and which certificate to show; if empty, whom the JVM trusts
     * @param sni name that is asked for and that the certificate has to bear; the host of the URL if empty
     * @param verify full: who has signed the certificate, and its name; ca: who has signed it; none: nothing
     * @param alpn what backends may choose to speak, the preferred one first: h2 for HTTP/2, http/1.1; if empty, HTTP/1.1 is spoken
     */
    public record Tls(
            @DefaultValue("") String bundle,
            @DefaultValue("") String sni,
            @DefaultValue("full") BackendTlsSettings.Verify verify,
            @DefaultValue List<String> alpn) {}

    /**
     * A share of the clients that goes to another pool, each client always to the same one.
     *
     * @param pool name of the pool that gets it; empty for none
     * @param percent the share, 0 to 100 in steps of a hundredth
     * @param key by what clients are known: cookie, which Velo gives them, address, or header:NAME
     * @param guard when it is over
     */
    public record Canary(
            @DefaultValue("") String pool,
            @DefaultValue("0") double percent,
            @DefaultValue("cookie") String key,
            @DefaultValue Guard guard) {}

    /**
     * When a canary does so much worse than the pool itself that it gets nothing any more.
     *
     * @param maxErrorRatio how many times the pool's own share of errors the canary's may be; 0 for no guard
     * @param minRequests with fewer requests in the window nothing is made of them
     * @param window how far back is looked
     */
    public record Guard(
            @DefaultValue("2") double maxErrorRatio,
            @DefaultValue("100") int minRequests,
            @DefaultValue("60s") Duration window) {}

    /**
     * Requests that another pool gets, too; what it answers is thrown away.
     *
     * @param pool name of the pool that gets copies; empty for none
     * @param percent share of the requests that are copied, 0 to 100 in steps of a hundredth
     * @param maxInFlight most copies on their way at once; further requests aren't copied
     * @param bodyLimit longest body that is copied; requests with a longer one aren't
     */
    public record Mirror(
            @DefaultValue("") String pool,
            @DefaultValue("100") double percent,
            @DefaultValue("100") int maxInFlight,
            @DefaultValue("64KB") DataSize bodyLimit) {}

    /**
     * How many requests each backend may have at once, found out from how long it takes to answer; a max-in-flight bounds it.
     *
     * @param type none, or gradient: as long as it answers about as quickly as on average, it gets more, and otherwise fewer
     * @param initial how many it may have at first
     * @param min the fewest that it comes to
     * @param max the most
     */
    public record Concurrency(
            @DefaultValue("none") Type type,
            @DefaultValue("20") int initial,
            @DefaultValue("3") int min,
            @DefaultValue("1000") int max) {

        /** How it is found out. */
        public enum Type {
            /** Not at all. */
            NONE,
            /** By Netflix's Gradient2. */
            GRADIENT
        }
    }
}
