package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.Backend;
import io.velo.pool.Pools;
import io.velo.testing.JarProcess;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code docs/extend.md} together in one Velo. */
class ExtendIT {

    private static final String ROUTES = "spring.cloud.gateway.server.webflux.routes";

    @Test
    void doWhatThePageSays() throws IOException {
        try (RawBackend one = RawBackend.saying("one");
                RawBackend two = RawBackend.saying("two");
                RunningVelo velo = start(one, two)) {
            assertThat(ask(velo, "red.test")).isEqualTo("one");
            assertThat(ask(velo, "blue.test")).isEqualTo("one");

            assertThat(one.heads()).hasSize(2).allMatch(head -> head.contains("X-Asked-By: velo"));
            assertThat(one.heads().get(0)).contains("X-Stamp: red");
            assertThat(one.heads().get(1)).doesNotContain("X-Stamp");
            SlowRequests slow = velo.context().getBean(SlowRequests.class);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(slow.told()).endsWith(" of 2"));

            Backend first = velo.pool(Pools.DEFAULT).backends().get(0);
            velo.pool(Pools.DEFAULT).drain(first);

            assertThat(ask(velo, "blue.test")).isEqualTo("two");
            assertThat(velo.context().getBean(LostCapacity.class).sentences())
                    .singleElement()
                    .asString()
                    .startsWith("default: " + first.id() + " went from up to draining: ");
            velo.awaitIdle();
        }
    }

    @Test
    void joinVeloFromAJarBeside(@TempDir Path directory) throws IOException {
        try (RawBackend one = RawBackend.saying("one");
                RawBackend two = RawBackend.saying("two");
                JarProcess velo = JarProcess.startWith(
                        jarOf(FirstStrategy.class, directory.resolve("my-beans.jar")),
                        "lb.strategy=first",
                        "lb.health.enabled=false",
                        "lb.backends=" + one.url() + "," + two.url())) {
            for (int i = 0; i < 3; i++) {
                assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("one");
            }
        }
    }

    /** With this bean, and the file that makes it one of every application that has the jar. */
    private static Path jarOf(Class<?> bean, Path file) throws IOException {
        String name = bean.getName().replace('.', '/') + ".class";
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file));
                InputStream content = bean.getClassLoader().getResourceAsStream(name)) {
            jar.putNextEntry(new JarEntry(name));
            content.transferTo(jar);
            jar.putNextEntry(
                    new JarEntry("META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports"));
            jar.write(bean.getName().getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private static RunningVelo start(RawBackend one, RawBackend two) {
        return RunningVelo.of(
                List.of(
                        FirstStrategy.class,
                        TenantRoutePredicateFactory.class,
                        StampGatewayFilterFactory.class,
                        LostCapacity.class,
                        SlowRequests.class,
                        Agent.class),
                "lb.health.enabled=false",
                "lb.strategy=first",
                "lb.backends=" + one.url() + "," + two.url(),
                ROUTES + "[0].id=red",
                ROUTES + "[0].uri=lb://default",
                ROUTES + "[0].predicates[0]=Tenant=red",
                ROUTES + "[0].filters[0]=Stamp=red",
                ROUTES + "[1].id=all",
                ROUTES + "[1].uri=lb://default",
                ROUTES + "[1].predicates[0]=Path=/**");
    }

    private static String ask(RunningVelo velo, String host) throws IOException {
        return RawClient.ask(velo.port(), "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .body();
    }
}
