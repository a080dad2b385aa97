package io.velo.wire;

import io.velo.proxyprotocol.ProxyProtocol;
import io.velo.tls.BackendTlsSettings;
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
        BackendTlsSettings tls) {}
