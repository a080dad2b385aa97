package io.velo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.Backend;
import io.velo.backend.ProbeResult;
import io.velo.backend.Reason;
import io.velo.dashboard.Past.Point;
import io.velo.pool.Lease;
import io.velo.pool.Pool;
import io.velo.pool.Pools;
import io.velo.testing.Picks;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Takes the pictures of the manual, into the folder that {@code velo.pictures} names. */
@EnabledIfSystemProperty(named = "velo.pictures", matches = ".+", disabledReason = "takes pictures only when asked")
class DashboardPicturesIT {

    private static final int POINTS = 450;
    private static final int RATE = 600;
    private static final Random RANDOM = new Random(7);

    private static final int WARM = 6000;
    private static final String[] PATHS = {"/", "/", "/", "/checkout", "/search"};
    private static final String RATES =
            "return [...document.querySelectorAll('#rows .c-rate')].slice(-1)[0]?.textContent ?? '0'";

    private final RawBackend backend = RawBackend.saying("hello");

    @Test
    void takesThem() throws IOException {
        try (Browser browser = Browser.start();
                RunningVelo velo = start(List.of("checkout", "search"), 8);
                Traffic traffic = new Traffic(velo.port())) {
            traffic.warmUp(velo);
            fill(velo);
            tellStory(velo.pool(Pools.DEFAULT));
            open(browser, velo);
            traffic.awaitFigures(browser);
            take(browser, "light", 1440, 1000, "dashboard-light");
            take(browser, "dark", 1440, 1000, "dashboard-dark");
            take(browser, "light", 360, 1500, "dashboard-narrow");
            take(browser, "dark", 3840, 2160, "dashboard-4k");
            browser.resize(1440, 1000);
            browser.click("[aria-label='Details of web-5']");
            take(browser, "light", 1440, 1000, "dashboard-details");
        }
        takeHundred();
        backend.close();
    }

    private void takeHundred() {
        try (Browser browser = Browser.start();
                RunningVelo velo = start(List.of(), 100);
                Traffic traffic = new Traffic(velo.port())) {
            traffic.warmUp(velo);
            fill(velo);
            tellStory(velo.pool(Pools.DEFAULT));
            open(browser, velo);
            traffic.awaitFigures(browser);
            take(browser, "light", 1440, 1400, "dashboard-100");
        }
    }

    /** The default pool and these, each with its route. */
    private RunningVelo start(List<String> more, int backends) {
        List<String> pools = new ArrayList<>(more);
        pools.add(Pools.DEFAULT);
        List<String> properties = new ArrayList<>(List.of("lb.health.interval=1h", "lb.circuit.timeout=4m"));
        for (int i = 0; i < pools.size(); i++) {
            String name = pools.get(i);
            boolean main = name.equals(Pools.DEFAULT);
            addBackends(properties, main ? "lb." : "lb.pools." + name + ".", backends);
            String route = "spring.cloud.gateway.server.webflux.routes[" + i + "].";
            properties.add(route + "id=" + name);
            properties.add(route + "uri=lb://" + name);
            properties.add(route + "predicates[0]=Path=/" + (main ? "**" : name));
        }
        RunningVelo velo = RunningVelo.with(properties.toArray(String[]::new));
        await().until(() -> velo.pool(Pools.DEFAULT).settled());
        return velo;
    }

    private void addBackends(List<String> properties, String prefix, int backends) {
        for (int i = 0; i < backends; i++) {
            String key = prefix + "backends[" + i + "].";
            properties.add(key + "url=" + backend.url());
            properties.add(key + "id=web-" + (i + 1));
            properties.add(key + "weight=" + (i % 4 == 3 ? 2 : 1));
        }
    }

    private static void fill(RunningVelo velo) {
        velo.context().getBean(Past.class).keepOnly(List.of());
        velo.context().getBean(Pools.class).all().forEach(pool -> fill(velo, pool.name()));
    }

    /** A quarter of an hour that looks like one: waves, noise and one bad minute. */
    private static void fill(RunningVelo velo, String pool) {
        Past past = velo.context().getBean(Past.class);
        Instant end = Instant.now();
        double size = pool.equals(Pools.DEFAULT) ? 0.6 : 0.2;
        for (int i = 0; i < POINTS; i++) {
            double wave = size * (RATE + 90 * Math.sin(i / 40.0) + 14 * RANDOM.nextGaussian());
            boolean bad = i > 300 && i < 335;
            double slow = bad ? 20 + 9 * RANDOM.nextDouble() : 4.5 + RANDOM.nextDouble();
            double failed = bad ? 60 + 25 * RANDOM.nextDouble() : 0;
            past.add(
                    pool,
                    new Point(
                            end.minus(Feed.EVERY.multipliedBy(POINTS - i)),
                            new Figures(
                                    Math.round(wave),
                                    Math.round(failed),
                                    OptionalDouble.of(slow / 6),
                                    OptionalDouble.of(slow / 2.5),
                                    OptionalDouble.of(slow)),
                            (int) (wave * slow / 4000),
                            bad ? Map.of("connection_refused", (long) failed, "http_response_timeout", 1L) : Map.of()));
        }
    }

    private static void tellStory(Pool pool) {
        Backend[] backends = pool.backends().toArray(Backend[]::new);
        int step = Math.max(1, backends.length / 8);
        ProbeResult missed =
                new ProbeResult(false, OptionalInt.of(503), "status 503", Duration.ofMillis(3), Instant.now());
        for (int i = 4; i < backends.length; i += 3 * step) {
            for (int times = 0; times < 3; times++) {
                pool.probed(backends[i], missed);
            }
        }
        for (int i = 6; i < backends.length; i += 6 * step) {
            pool.drain(backends[i]);
        }
        for (int i = 2; i < backends.length; i += 5 * step) {
            fail(pool, backends[i]);
        }
    }

    private static void fail(Pool pool, Backend backend) {
        List<Backend> others =
                pool.backends().stream().filter(other -> other != backend).toList();
        for (int times = 0; times < 3; times++) {
            if (pool.acquire(Picks.REQUEST, others) instanceof Lease lease) {
                lease.fail(Reason.CONNECTION_REFUSED);
            }
        }
    }

    private static void open(Browser browser, RunningVelo velo) {
        browser.resize(1440, 1000);
        browser.open("http://127.0.0.1:" + velo.port() + "/dashboard");
    }

    private static void take(Browser browser, String scheme, int width, int height, String name) {
        browser.prefer(scheme);
        browser.resize(width, height);
        await().untilAsserted(() -> assertThat(browser.count(".chart canvas")).isEqualTo(3));
        browser.screenshot(Path.of(System.getProperty("velo.pictures"), name + ".png"));
    }

    /** Requests at an even pace, until closed. */
    private static final class Traffic implements AutoCloseable {

        private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
        private final int port;

        Traffic(int port) {
            this.port = port;
            long pause = TimeUnit.SECONDS.toMicros(2) / RATE;
            threads.scheduleAtFixedRate(this::ask, 0, pause, TimeUnit.MICROSECONDS);
            threads.scheduleAtFixedRate(this::ask, pause / 2, pause, TimeUnit.MICROSECONDS);
        }

        private void ask() {
            try {
                RawClient.get(port, PATHS[RANDOM.nextInt(PATHS.length)]);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Until the compiler has done its work. */
        void warmUp(RunningVelo velo) {
            await().atMost(Duration.ofSeconds(40)).until(() -> velo.requests("success", "none") > WARM);
        }

        void awaitFigures(Browser browser) {
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(Double.parseDouble("0" + browser.run(RATES)))
                            .isPositive());
        }

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }
}
