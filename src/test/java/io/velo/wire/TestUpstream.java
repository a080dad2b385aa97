package io.velo.wire;

import io.velo.proxyprotocol.ProxyProtocol;
import io.velo.tls.BackendTlsSettings;
import io.velo.wire.h2.StreamSettings;
import java.time.Duration;

/** How connections to backends are made in tests. */
final class TestUpstream {

    /** So many requests may wait for a connection. */
    static final int QUEUE = 40;

    static final UpstreamSettings SETTINGS = new UpstreamSettings(
            Duration.ofSeconds(3),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            ProxyProtocol.NONE,
            100,
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            QUEUE,
            Duration.ofSeconds(2),
            new StreamSettings(100, 65_535, Duration.ofSeconds(10)),
            BackendTlsSettings.DEFAULT);

    private TestUpstream() {}
}
