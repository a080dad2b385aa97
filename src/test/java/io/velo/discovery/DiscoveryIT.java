package io.velo.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.velo.backend.Backend;
import io.velo.backend.BackendSpec.Source;
import io.velo.change.BackendDraft;
import io.velo.change.Edit;
import io.velo.change.Operations;
import io.velo.change.Reload;
import io.velo.change.Reloads;
import io.velo.change.Searches;
import io.velo.testing.CapturedLog;
import io.velo.testing.ConfigFile;
import io.velo.testing.DnsServer;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Backends that are looked for: how they come, go and stay. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiscoveryIT {

    private static final String SERVICE = "_http._tcp.shop.test";

    private final CountDownLatch goOn = new CountDownLatch(1);
    private final DnsServer dns = DnsServer.start();
    private final RawBackend a = RawBackend.doing(exchange -> {
        if (exchange.target().equals("/slow")) {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        exchange.answer(200, "a");
    });
    private final RawBackend b = RawBackend.saying("b");
    private final RawBackend c = RawBackend.saying("c");
    private ConfigFile file;
    private RunningVelo velo;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        file = ConfigFile.in(directory, config("roundrobin", "\"dns+srv://" + SERVICE + "\""));
        dns.fails(DnsResponseCode.SERVFAIL);
        velo = RunningVelo.with(
                file.property(),
                "lb.reload.watch=false",
                "lb.discovery.nameservers=127.0.0.1:" + dns.port(),
                "lb.discovery.timeout=2s",
                "lb.discovery.min-refresh=20ms",
                "lb.discovery.max-refresh=100ms",
                "spring.cloud.discovery.client.simple.instances.known[0].uri=" + c.url(),
                "spring.cloud.discovery.client.simple.instances.known[0].metadata.weight=7");
    }

    private static String[] config(String strategy, String backends) {
        return new String[] {
            "lb.health.enabled: false",
            "lb.strategy: " + strategy,
            "lb.backends: [ " + backends + " ]",
            "lb.pools.known.backends: [ \"discovery://known\" ]"
        };
    }

    @AfterAll
    void stop() throws IOException {
        velo.awaitIdle();
        velo.close();
        dns.close();
        for (RawBackend backend : List.of(a, b, c)) {
            backend.close();
        }
    }

    @BeforeEach
    void beginWithTwo() throws IOException {
        if (velo.pool("default").backends().isEmpty()) {
            assertStartsWithoutBackends();
        }
        file.write(config("roundrobin", "\"dns+srv://" + SERVICE + "\""));
        reload();
        dns.says("local.test", 0, "127.0.0.1").fails(DnsResponseCode.NOERROR);
        says(a, b);
        awaitBackends(a, b);
    }

    private void says(RawBackend... backends) {
        dns.says(
                SERVICE,
                DnsRecordType.SRV,
                0,
                Stream.of(backends)
                        .map(each -> DnsServer.service(1, 1, each.port(), "local.test"))
                        .toArray(byte[][]::new));
    }

    private void awaitBackends(RawBackend... wanted) {
        String[] ids = Stream.of(wanted).map(DiscoveryIT::id).toArray(String[]::new);
        await().untilAsserted(() -> assertThat(velo.pool("default").backends())
                .extracting(Backend::id)
                .containsExactlyInAnyOrder(ids));
    }

    private static String id(RawBackend backend) {
        return "127.0.0.1:" + backend.port();
    }

    private Reload reload() {
        return velo.context().getBean(Reloads.class).reload("test");
    }

    private Searches.Status status() {
        return velo.context().getBean(Searches.class).of("default").get(0);
    }

    private void awaitProblem() {
        await().until(() -> status().problem().isPresent());
    }

    private Set<String> answers(int requests) throws IOException {
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < requests; i++) {
            answers.add(RawClient.get(velo.port(), "/").body());
        }
        return answers;
    }

    private void assertStartsWithoutBackends() throws IOException {
        awaitProblem();
        assertThat(RawClient.get(velo.port(), "/").status()).isEqualTo(503);
        assertThat(RawClient.get(velo.port(), "/readyz").status()).isEqualTo(503);
        assertThat(RawClient.get(velo.port(), "/actuator/pools/default").body())
                .contains("\"discovery\":[{\"place\":\"dns+srv://" + SERVICE + "\",\"backends\":0,\"foundAt\":null,"
                        + "\"problem\":\"DNS query for SRV of " + SERVICE + " failed: ServFail(2)\"}]");
    }

    @Test
    void findsWhatThereIs() throws IOException {
        assertThat(answers(10)).containsExactlyInAnyOrder("a", "b");
        assertThat(RawClient.get(velo.port(), "/readyz").status()).isEqualTo(200);
        assertThat(velo.pool("default").backends())
                .extracting(each -> each.spec().source())
                .containsOnly(Source.DISCOVERY);
        await().untilAsserted(() -> assertThat(status().problem()).isEmpty());
        assertThat(velo.registry()
                        .get("lb.discovery.success")
                        .tag("pool", "default")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void findsWhatADiscoveryClientKnows() {
        await().untilAsserted(() -> assertThat(velo.pool("known").backends())
                .singleElement()
                .satisfies(backend -> {
                    assertThat(backend.spec().uri()).hasToString(c.url());
                    assertThat(backend.spec().weight()).isEqualTo(7);
                }));
    }

    @Test
    void followsChangesAndLetsWhatGoesFinish() throws IOException {
        Backend stays = velo.pool("default").backend(id(b)).orElseThrow();
        try (RawClient slow = RawClient.to(velo.port()).send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
                RawClient other = RawClient.to(velo.port()).send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")) {
            await().until(() ->
                    velo.pool("default").backend(id(a)).orElseThrow().inFlight() == 1);

            says(b, c);
            awaitBackends(b, c);

            assertThat(velo.pool("default").leaving()).extracting(Backend::id).containsExactly(id(a));
            assertThat(velo.pool("default").backend(id(b))).containsSame(stays);
            assertThat(answers(10)).containsExactlyInAnyOrder("b", "c");
            goOn.countDown();
            assertThat(Set.of(slow.read().body(), other.read().body())).containsExactlyInAnyOrder("a", "b");
        }
        await().until(() -> velo.pool("default").leaving().isEmpty());
    }

    @Test
    void keepsWhatItFoundWhenItFails() throws IOException {
        try (CapturedLog log = CapturedLog.of("io.velo.discovery")) {
            dns.fails(DnsResponseCode.SERVFAIL);
            awaitProblem();
            int asked = dns.questions();
            await().until(() -> dns.questions() > asked + 3);

            assertThat(answers(10)).containsExactlyInAnyOrder("a", "b");
            assertThat(status().backends()).isEqualTo(2);
            assertThat(velo.registry()
                            .get("lb.discovery.lookups")
                            .tags("pool", "default", "result", "failed")
                            .counter()
                            .count())
                    .isGreaterThan(1);

            dns.fails(DnsResponseCode.NOERROR).silent(true);
            await().until(() -> status().problem().orElse("").contains("no answer"));
            dns.silent(false).says(SERVICE, DnsRecordType.SRV, 0);
            await().until(() -> status().problem().orElse("").contains("nobody"));
            assertThat(answers(10)).containsExactlyInAnyOrder("a", "b");
            says(b);
            awaitBackends(b);

            assertThat(log.lines())
                    .extracting(line -> line.replaceAll(" \\[.*", ""))
                    .containsExactly(
                            "WARN backends can't be found, those found last stay", "INFO backends are found again");
        }
    }

    private static BackendDraft draft(RawBackend backend, Optional<String> url, Optional<Integer> weight) {
        return new BackendDraft(
                Optional.of(id(backend)), url, weight, Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void leavesOperatorsTheLastWordAsLongAsNothingElseIsFound() throws IOException {
        Operations operations = velo.context().getBean(Operations.class);
        operations.change("default", draft(b, Optional.empty(), Optional.of(9)), OptionalLong.empty());
        operations.add("default", draft(c, Optional.of(c.url()), Optional.empty()), OptionalLong.empty());
        operations.remove("default", id(a), OptionalLong.empty());
        assertThat(operations.add(
                        "default", draft(a, Optional.of("dns://x:1"), Optional.empty()), OptionalLong.empty()))
                .isInstanceOf(Edit.Invalid.class);
        awaitBackends(b, c);
        RawBackend another = RawBackend.saying("d");
        try (another) {
            says(a, b, another);
            awaitBackends(b, c, another);
            assertThat(velo.pool("default").backend(id(b)).orElseThrow().spec().weight())
                    .isEqualTo(9);
            assertThat(velo.pool("default").backend(id(b)).orElseThrow().spec().source())
                    .isEqualTo(Source.ADMIN);

            says(another);
            awaitBackends(c, another);
            says(a, b);
            awaitBackends(a, b, c);

            assertThat(velo.pool("default").backend(id(b)).orElseThrow().spec().weight())
                    .isEqualTo(1);
        }
        operations.remove("default", id(c), OptionalLong.empty());
    }

    @Test
    void keepsWhatItFoundOverAReload() throws IOException {
        Backend before = velo.pool("default").backend(id(a)).orElseThrow();

        file.write(config("leastconnection", "{ url: \"dns+srv://" + SERVICE + "\", max-in-flight: 50 }"));

        assertThat(reload().changes())
                .contains("pool default: backend dns+srv://" + SERVICE + " changed from (dns+srv://" + SERVICE
                        + ", weight 1) to (dns+srv://" + SERVICE + ", weight 1, max-in-flight 50)");
        assertThat(velo.pool("default").spec().strategy()).isEqualTo("leastconnection");
        assertThat(velo.pool("default").backend(id(a))).containsSame(before);
        assertThat(before.spec().maxInFlight()).isEqualTo(50);
        assertThat(reload().result()).isEqualTo(Reload.Result.UNCHANGED);

        file.write(config("roundrobin", "\"" + c.url() + "\""));
        reload();
        awaitBackends(c);
        assertThat(velo.context().getBean(Searches.class).of("default")).isEmpty();
        int asked = dns.questions();

        file.write(config("roundrobin", "\"" + c.url() + "\", \"dns+srv://" + SERVICE + "\""));
        reload();
        awaitBackends(a, b, c);
        assertThat(dns.questions()).isGreaterThan(asked);
    }
}
