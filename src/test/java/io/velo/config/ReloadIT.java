package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.Backend;
import io.velo.backend.BackendState;
import io.velo.change.Reload;
import io.velo.change.Reload.Result;
import io.velo.change.Reloads;
import io.velo.pool.Pools;
import io.velo.testing.ConfigFile;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration changes while Velo runs. */
class ReloadIT {

    private static final String QUIET = "lb.health.enabled: false";

    /** A flag, so that a test's own reload is the only one. */
    private static final String UNWATCHED = "lb.reload.watch=false";

    @TempDir
    Path directory;

    private final RawBackend one = RawBackend.saying("one");
    private final RawBackend two = RawBackend.saying("two");
    private ConfigFile file;
    private RunningVelo velo;

    @BeforeEach
    void start() throws IOException {
        file = ConfigFile.in(directory, QUIET, ConfigFile.backends(one));
        velo = RunningVelo.with(file.property(), UNWATCHED);
    }

    @AfterEach
    void stop() throws IOException {
        velo.close();
        one.close();
        two.close();
    }

    @Nested
    class TheFileIsWatched {

        @BeforeEach
        void watch() {
            velo.close();
            velo = RunningVelo.with(file.property());
        }

        @Test
        void whenItIsWrittenInPlace() throws IOException {
            file.write(QUIET, ConfigFile.backends(two));

            awaitAnswer("two");
        }

        @Test
        void whenAnEditorPutsAnotherInItsPlace() throws IOException {
            Path draft = directory.resolve(".velo.yaml.swp");
            Files.writeString(draft, QUIET + "\n" + ConfigFile.backends(two) + "\n");
            Files.move(draft, file.path(), StandardCopyOption.REPLACE_EXISTING);

            awaitAnswer("two");
        }
    }

    @Test
    void followsTheLinkThatKubernetesSwaps(@TempDir Path mount) throws IOException {
        ConfigFile.in(Files.createDirectory(mount.resolve("..1")), QUIET, ConfigFile.backends(one));
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("..1"));
        Path named = Files.createSymbolicLink(mount.resolve("velo.yaml"), Path.of("..data/velo.yaml"));
        try (RunningVelo mounted = RunningVelo.with(new ConfigFile(named).property())) {
            ConfigFile.in(Files.createDirectory(mount.resolve("..2")), QUIET, ConfigFile.backends(two));
            Files.createSymbolicLink(mount.resolve("..tmp"), Path.of("..2"));
            Files.move(mount.resolve("..tmp"), mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

            await().untilAsserted(() ->
                    assertThat(RawClient.get(mounted.port(), "/").body()).isEqualTo("two"));
        }
    }

    @Nested
    class AnythingWrong {

        @Test
        void leavesTheOldInForceAndIsToldEverywhere() throws IOException {
            file.write(QUIET, ConfigFile.backends(two), "lb.health.interval: never");

            Reload reload = reload();

            assertThat(reload.result()).isEqualTo(Result.REFUSED);
            assertThat(reload.problems())
                    .singleElement()
                    .asString()
                    .contains("lb.health.interval", "LB_HEALTH_INTERVAL", "never", "velo.yaml");
            assertThat(answer()).isEqualTo("one");
            assertThat(RawClient.get(velo.port(), "/actuator/pools").body()).contains("refused", "never");
            assertThat(velo.registry()
                            .get("lb.config.last.reload.success")
                            .gauge()
                            .value())
                    .isZero();
            assertThat(velo.registry()
                            .get("lb.config.reloads")
                            .tag("result", "refused")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }

        @Test
        void mayBeAStrategyOrARouteOrNoYaml() throws IOException {
            file.write(QUIET, ConfigFile.backends(two), "lb.strategy: fastest");
            assertThat(reload().problems()).singleElement().asString().contains("lb.strategy", "fastest");

            file.write(QUIET, ConfigFile.backends(two), route("lb://default", "NoSuch=1"));
            assertThat(reload().problems()).singleElement().asString().contains("NoSuch");

            file.write("lb: [ }");
            assertThat(reload().result()).isEqualTo(Result.REFUSED);

            file.write("");
            assertThat(reload().problems()).singleElement().asString().contains("is empty");

            Files.delete(file.path());
            assertThat(reload().problems()).singleElement().asString().contains("is gone");
            assertThat(answer()).isEqualTo("one");
        }

        @Test
        void isForgottenWhenItIsMended() throws IOException {
            file.write("lb: [ }");
            reload();
            file.write(QUIET, ConfigFile.backends(one));

            assertThat(reload().result()).isEqualTo(Result.UNCHANGED);
            assertThat(velo.registry()
                            .get("lb.config.last.reload.success")
                            .gauge()
                            .value())
                    .isEqualTo(1);
        }
    }

    @Test
    void tellsWhatIsDifferent() throws IOException {
        file.write(QUIET, ConfigFile.backends(two), "lb.strategy: leastconnection", "lb.pools.api.backends: []");

        assertThat(reload().changes())
                .anySatisfy(change -> assertThat(change).isEqualTo("pool api added"))
                .anySatisfy(change -> assertThat(change)
                        .isEqualTo("pool default: strategy changed from (roundrobin) to (leastconnection)"))
                .anySatisfy(change -> assertThat(change).startsWith("pool default: backend 127.0.0.1:" + two.port()))
                .anySatisfy(change -> assertThat(change).contains("127.0.0.1:" + one.port() + " removed"));
    }

    @Test
    void namesWhatNeedsARestart() throws IOException {
        file.write(QUIET, ConfigFile.backends(one), "lb.client.idle-timeout: 5s", "server.http2.enabled: true");

        Reload reload = reload();

        assertThat(reload.result()).isEqualTo(Result.UNCHANGED);
        assertThat(reload.needsRestart()).containsExactly("lb.client.idle-timeout", "server.http2.enabled");
    }

    @Test
    void keepsThePrecedenceOfFlags() throws IOException {
        try (RunningVelo flagged = RunningVelo.with(file.property(), UNWATCHED, "lb.strategy=leastconnection")) {
            file.write(QUIET, ConfigFile.backends(one, two), "lb.strategy: roundrobin");
            flagged.context().getBean(Reloads.class).reload("test");

            assertThat(flagged.pool(Pools.DEFAULT).spec().strategy()).isEqualTo("leastconnection");
            assertThat(flagged.pool(Pools.DEFAULT).backends()).hasSize(2);
        }
    }

    @Test
    void swapsRoutesAndPoolsTogether() throws IOException {
        file.write(
                QUIET,
                ConfigFile.backends(one),
                "lb.pools.api.backends: [ \"" + two.url() + "\" ]",
                route("lb://api", "Path=/api/**"));
        reload();

        assertThat(RawClient.get(velo.port(), "/api/x").body()).isEqualTo("two");
        assertThat(RawClient.get(velo.port(), "/other").status()).isEqualTo(404);

        file.write(QUIET, ConfigFile.backends(one));
        reload();

        assertThat(RawClient.get(velo.port(), "/api/x").body()).isEqualTo("one");
        assertThat(RawClient.get(velo.port(), "/actuator/pools/api").status()).isEqualTo(404);
    }

    @Test
    void leavesRoutesOnTheirLaneWhateverBackendsSpeak() throws IOException {
        file.write(QUIET, "lb.backends: [ \"" + one.url() + "\", \"h2c://localhost:1\" ]");
        reload();

        assertThat(velo.routes().routes()).allMatch(route -> route.lane().word().equals("express"));
    }

    @Test
    void keepsWhatIsKnownOfABackendThatStays() throws IOException {
        Backend before = velo.backend(one);
        velo.pool(Pools.DEFAULT).drain(before);

        file.write(QUIET, ConfigFile.backends(two, one), "lb.timeouts.response: 7s");
        reload();

        assertThat(velo.backend(one)).isSameAs(before);
        assertThat(before.state()).isEqualTo(BackendState.DRAINING);
        assertThat(answer()).isEqualTo("two");
    }

    @Test
    void takesTheMetersOfARemovedBackendAway() throws IOException {
        answer();
        file.write(QUIET, ConfigFile.backends(two));
        reload();
        answer();

        assertThat(velo.registry().getMeters())
                .noneMatch(meter ->
                        ("127.0.0.1:" + one.port()).equals(meter.getId().getTag("backend")))
                .anyMatch(meter ->
                        ("127.0.0.1:" + two.port()).equals(meter.getId().getTag("backend")));
    }

    @Test
    void closesTheConnectionsToARemovedBackend() throws IOException {
        answer();
        assertThat(one.connections()).isEqualTo(1);

        file.write(QUIET, ConfigFile.backends(two));
        reload();

        await().untilAsserted(() -> assertThat(one.connections()).isZero());
    }

    @Test
    void isAskedForAtTheEndpoint() throws IOException {
        file.write(QUIET, ConfigFile.backends(two));
        assertThat(post().status()).isEqualTo(200);
        assertThat(answer()).isEqualTo("two");

        file.write("lb.backends: 7");
        assertThat(post().status()).isEqualTo(422);
    }

    private RawClient.Answer post() throws IOException {
        return RawClient.ask(
                velo.port(), "POST /actuator/refresh HTTP/1.1\r\nHost: velo.test\r\nContent-Length: 0\r\n\r\n");
    }

    private static String route(String uri, String predicate) {
        return "spring.cloud.gateway.server.webflux.routes: [ { id: shop, uri: \"" + uri + "\", predicates: [ \""
                + predicate + "\" ] } ]";
    }

    private Reload reload() {
        return velo.context().getBean(Reloads.class).reload("test");
    }

    private String answer() throws IOException {
        return RawClient.get(velo.port(), "/").body();
    }

    private void awaitAnswer(String text) {
        await().untilAsserted(() -> assertThat(answer()).isEqualTo(text));
    }
}
