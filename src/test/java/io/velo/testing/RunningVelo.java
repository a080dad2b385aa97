package io.velo.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.velo.VeloApplication;
import io.velo.backend.Backend;
import io.velo.backend.BackendState;
import io.velo.pool.Pool;
import io.velo.pool.Pools;
import io.velo.pool.Retry;
import io.velo.route.Lane;
import io.velo.route.RouteTable;
import io.velo.route.Routes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Velo as its users run it, in this process, on a free port. */
public final class RunningVelo implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ConfigurableApplicationContext context;

    private RunningVelo(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts with these properties, written {@code key=value}. */
    public static RunningVelo with(String... properties) {
        return of(List.of(), properties);
    }

    /** Starts without probes, in front of these backends. */
    public static RunningVelo unprobed(List<RawBackend> backends, String... properties) {
        return with(Stream.concat(
                        Stream.of(
                                "lb.health.enabled=false",
                                "lb.backends="
                                        + String.join(
                                                ",",
                                                backends.stream()
                                                        .map(RawBackend::url)
                                                        .toList())),
                        Stream.of(properties))
                .toArray(String[]::new));
    }

    /** Starts so that requests take this lane wherever they can. */
    public static RunningVelo with(Lane lane, String... properties) {
        return with(and(lane, properties));
    }

    /** Starts without probes, in front of these backends, so that requests take this lane wherever they can. */
    public static RunningVelo unprobed(Lane lane, List<RawBackend> backends, String... properties) {
        return unprobed(backends, and(lane, properties));
    }

    /** Starts with beans of a user's own, so that requests take this lane wherever they can. */
    public static RunningVelo of(Lane lane, List<Class<?>> configurations, String... properties) {
        return of(configurations, and(lane, properties));
    }

    /** The property that lets requests take this lane. */
    public static String only(Lane lane) {
        return "lb.express.enabled=" + (lane == Lane.EXPRESS);
    }

    private static String[] and(Lane lane, String... properties) {
        return Stream.concat(Stream.of(only(lane)), Stream.of(properties)).toArray(String[]::new);
    }

    /** Starts with beans of a user's own. */
    public static RunningVelo of(List<Class<?>> configurations, String... properties) {
        List<Class<?>> sources = new ArrayList<>(configurations);
        sources.add(VeloApplication.class);
        List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--spring.jmx.enabled=false"));
        Stream.of(properties).map(property -> "--" + property).forEach(arguments::add);
        return new RunningVelo(
                new SpringApplicationBuilder(sources.toArray(Class<?>[]::new)).run(arguments.toArray(String[]::new)));
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    public int port() {
        return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    public Pool pool(String name) {
        return context.getBean(Pools.class).find(name).orElseThrow();
    }

    public Backend backend(RawBackend backend) {
        return pool(Pools.DEFAULT).backend("127.0.0.1:" + backend.port()).orElseThrow();
    }

    public int inFlight() {
        return context.getBean(Pools.class).all().stream()
                .flatMap(pool -> pool.backends().stream())
                .mapToInt(Backend::inFlight)
                .sum();
    }

    /** How many requests have ended in this way. */
    public long requests(String outcome, String reason) {
        return registry().find("lb.requests").tag("outcome", outcome).tag("reason", reason).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    /** How many requests have taken this lane and come to their end. */
    public long requests(Lane lane) {
        return registry().find("lb.requests").tag("lane", lane.word()).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    /** Attempts after the first. */
    public long retries() {
        return retries(Retry.Result.SENT);
    }

    public long retries(Retry.Result result) {
        return (long) registry().find("lb.retries").tag("result", result.word()).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    public MeterRegistry registry() {
        return context.getBean(MeterRegistry.class);
    }

    /** The routes in force. */
    public RouteTable routes() {
        return context.getBean(Routes.class).table();
    }

    /** Waits until no request is in flight, and none is counted below nothing. */
    public void awaitIdle() {
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(inFlight()).as("in flight").isZero());
    }

    /** Waits until a request has ended in this way. */
    public void awaitRequests(String outcome, String reason, long count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(requests(outcome, reason))
                .as("requests that ended with %s, %s; all: %s", outcome, reason, endings())
                .isEqualTo(count));
    }

    public void awaitState(RawBackend backend, BackendState state) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(backend(backend).state()).isEqualTo(state));
    }

    private List<String> endings() {
        return registry().find("lb.requests").timers().stream()
                .map(timer ->
                        timer.getId().getTag("outcome") + "/" + timer.getId().getTag("reason") + "=" + timer.count())
                .toList();
    }

    @Override
    public void close() {
        context.close();
    }
}
