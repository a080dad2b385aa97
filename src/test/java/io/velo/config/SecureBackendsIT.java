package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.BackendSpec;
import io.velo.change.BackendDraft;
import io.velo.change.Edit;
import io.velo.change.Operations;
import io.velo.pool.BackendSource;
import io.velo.pool.Pools;
import io.velo.testing.CapturedLog;
import io.velo.testing.RunningVelo;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;

/** In whatever way a backend joins a pool: what it takes to speak TLS to it is there before a request or a probe needs it. */
class SecureBackendsIT {

    private static final String URL = "://127.0.0.1:1";

    private static RunningVelo velo(List<Class<?>> beans, String... properties) {
        return RunningVelo.of(
                beans,
                Stream.concat(Stream.of("lb.health.enabled=false"), Stream.of(properties))
                        .toArray(String[]::new));
    }

    private static void assertReady(RunningVelo velo, String scheme) {
        await().untilAsserted(() -> assertThat(velo.pool(Pools.DEFAULT).backends())
                .extracting(backend -> backend.spec().uri().getScheme())
                .contains(scheme));

        assertThat(velo.context().getBeanFactory().containsSingleton("tlsLibrary"))
                .as("a look for BoringSSL")
                .isEqualTo(scheme.equals("https"));
    }

    @Test
    void mayBeListed() {
        try (RunningVelo velo = velo(List.of(), "lb.backends=https" + URL)) {
            assertReady(velo, "https");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void mayBeFound(String scheme) {
        try (RunningVelo velo = velo(
                List.of(),
                "lb.backends=discovery://shop",
                "spring.cloud.discovery.client.simple.instances.shop[0].uri=" + scheme + URL)) {
            assertReady(velo, scheme);
        }
    }

    @Test
    void mayBeAddedByAnOperator() {
        try (RunningVelo velo = velo(List.of(), "lb.backends=http://127.0.0.1:2")) {
            add(velo, "http" + URL);
            assertReady(velo, "http");

            add(velo, "https" + URL);
            assertReady(velo, "https");
        }
    }

    /** Its requests and probes say the rest; those of the others are none the worse. */
    @Test
    void joinEvenIfTheirBundleIsNoGood() {
        try (RunningVelo velo = velo(
                        List.of(),
                        "lb.backends=http://127.0.0.1:2",
                        "lb.tls.bundle=odd",
                        "spring.ssl.bundle.pem.odd.options.ciphers=NO_SUCH_CIPHER");
                CapturedLog log = CapturedLog.of("io.velo.config")) {
            add(velo, "https" + URL);

            assertReady(velo, "https");
            assertThat(log.lines()).anyMatch(line -> line.contains("no TLS to its backends: no TLS can be made of"));
        }
    }

    private static void add(RunningVelo velo, String url) {
        BackendDraft draft = new BackendDraft(
                Optional.of(url.substring(0, url.indexOf(':'))),
                Optional.of(url),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Edit edit = velo.context().getBean(Operations.class).add(Pools.DEFAULT, draft, OptionalLong.empty());

        assertThat(edit).isInstanceOf(Edit.Done.class);
    }

    @Test
    void mayBeSupplied() {
        try (RunningVelo velo = velo(List.of(Supplier.class))) {
            assertReady(velo, "https");
        }
    }

    static class Supplier {
        @Bean
        BackendSource source() {
            return new Supplied();
        }
    }

    private record Supplied() implements BackendSource {

        @Override
        public String pool() {
            return Pools.DEFAULT;
        }

        @Override
        public List<BackendSpec> backends() {
            return List.of(BackendSpec.of("supplied", URI.create("https" + URL)));
        }
    }
}
