package io.velo.config;

import io.velo.http.PathChoice;
import io.velo.http.Underscores;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Connections of clients.
 *
 * @param headerTimeout longest time for the head of a request to come in
 * @param bodyTimeout longest silence of a client inside the body of a request that is being read
 * @param idleTimeout longest time without a request on a connection
 * @param writeTimeout longest time in which a client takes nothing of an answer that waits for it, or of the last bytes of a WebSocket
 * @param minRate least bytes in a second, on average, of a body that Velo waits for and whose length is told; 0B for any
 * @param maxBody largest body of a request; 0B for any; routes may have their own
 * @param maxFields most fields in the head of a request
 * @param maxConnections most connections at once; 0 for any number
 * @param maxConnectionsPerAddress the same for one client; 0 for any number
 * @param paths what becomes of paths with dot segments, empty segments, or encoded slashes and dots: as-is, reject or
 *     normalize
 * @param underscores what becomes of fields whose names have an underscore: allow, drop or reject
 * @param securityHeaders whether answers get the fields that tell browsers to be careful
 */
public record ClientProperties(
        @DefaultValue("10s") Duration headerTimeout,
        @DefaultValue("30s") Duration bodyTimeout,
        @DefaultValue("60s") Duration idleTimeout,
        @DefaultValue("60s") Duration writeTimeout,
        @DefaultValue("0B") DataSize minRate,
        @DefaultValue("0B") DataSize maxBody,
        @DefaultValue("100") int maxFields,
        @DefaultValue("0") int maxConnections,
        @DefaultValue("0") int maxConnectionsPerAddress,
        @DefaultValue("as-is") PathChoice paths,
        @DefaultValue("allow") Underscores underscores,
        @DefaultValue("false") boolean securityHeaders) {}
