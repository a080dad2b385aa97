package io.velo.wire;

import io.velo.backend.BackendSpec;
import io.velo.pool.Pool;
import io.velo.proxyprotocol.ProxyProtocol;
import io.velo.tls.BackendTlsSettings;
import io.velo.wire.h2.StreamSettings;
import java.time.Duration;

/**
 * How requests of one pool go to its backends.
 *
 * @param connectTimeout bounds the TCP and TLS handshake each
 * @param responseTimeout from the end of the request to the head of the answer
 * @param bodyIdle longest pause of the backend inside a body that is wanted
 * @param requestTimeout from the arrival of the request to the end of the answer; zero for no bound
 * @param attemptTimeout from the choice of a backend to the head of its answer; zero for no bound
 * @param webSocketIdle longest time without a byte in a WebSocket session; zero for no bound
 * @param proxyProtocol how backends are told whose a connection is; then no two clients share one
 * @param maxPerBackend most connections to one backend
 * @param idle after this time unused a connection is closed
 * @param maxLife after this time a connection is not used again
 * @param queue most requests that wait for a connection to one backend, and most that wait for any backend with room
 * @param queueTimeout the longest wait for one
 * @param streams how requests share a connection of HTTP/2
 * @param tls how Velo speaks TLS to those that are reached by it
 */
public record UpstreamSettings(
        Duration connectTimeout,
        Duration responseTimeout,
        Duration bodyIdle,
        Duration requestTimeout,
        Duration attemptTimeout,
        Duration webSocketIdle,
        ProxyProtocol proxyProtocol,
        int maxPerBackend,
        Duration idle,
        Duration maxLife,
        int queue,
        Duration queueTimeout,
        StreamSettings streams,
        BackendTlsSettings tls) {

    /** Whether some of a pool's backends may be spoken to by HTTP/2. */
    public boolean mayShare(Pool pool) {
        return !pool.http11() || tls.offersHttp2();
    }

    /** Whether one of the pool's backends may be spoken to by HTTP/2. */
    boolean mayShare(BackendSpec backend) {
        return !backend.http11() || (backend.secure() && tls.offersHttp2());
    }

    /** The same, with no offer to speak anything but HTTP/1.1. */
    UpstreamSettings byHttp11() {
        return new UpstreamSettings(
                connectTimeout,
                responseTimeout,
                bodyIdle,
                requestTimeout,
                attemptTimeout,
                webSocketIdle,
                proxyProtocol,
                maxPerBackend,
                idle,
                maxLife,
                queue,
                queueTimeout,
                streams,
                tls.offering());
    }
}
