package io.velo.probe;

import io.velo.proxyprotocol.ProxyProtocol;
import io.velo.tls.BackendTlsSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * How backends of one pool are probed.
 *
 * @param enabled whether they are
 * @param path path and query asked for
 * @param method method asked with
 * @param host the {@code Host} field, empty for the backend's own
 * @param port where to ask, 0 for the backend's own port
 * @param interval from the start of one probe to the start of the next
 * @param fastInterval the same while a finding is in doubt, after the first result that contradicts it
 * @param timeout bounds one probe, connect included
 * @param expect statuses that pass
 * @param jitter part of the interval by which probes are spread, 0 to 0.5
 * @param tls how Velo speaks TLS to those that are reached by it
 * @param grpcService service that is asked for by {@code grpc.health.v1}, empty text for the whole server; empty if probes are
 *     plain HTTP
 * @param proxyProtocol how a probe says that it is nobody's but Velo's own; not said on a port that is for probes
 */
public record ProbeSettings(
        boolean enabled,
        String path,
        String method,
        String host,
        int port,
        Duration interval,
        Duration fastInterval,
        Duration timeout,
        StatusRanges expect,
        double jitter,
        BackendTlsSettings tls,
        Optional<String> grpcService,
        ProxyProtocol proxyProtocol) {}
