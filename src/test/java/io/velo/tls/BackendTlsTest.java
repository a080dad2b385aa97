package io.velo.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;

class BackendTlsTest {

    @Test
    void hasReadyWhatConnectionsAskFor() {
        AtomicInteger made = new AtomicInteger();
        BackendTls tls = new BackendTls(new DefaultSslBundleRegistry(), new SslContexts(() -> {
            made.incrementAndGet();
            return TlsLibrary.JDK;
        }));
        BackendTlsSettings settings = BackendTlsSettings.DEFAULT.offering("h2", "http/1.1");
        tls.prepare(settings);
        int before = made.get();

        tls.context(settings);
        tls.context(settings.offering());

        assertThat(made).hasValue(before).hasPositiveValue();
        tls.destroy();
    }
}
