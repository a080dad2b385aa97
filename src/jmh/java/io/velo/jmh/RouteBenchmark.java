package io.velo.jmh;

import io.velo.route.Route;
import io.velo.route.RouteTable;
import io.velo.route.Routes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Finding the route of a request in the table that the configuration has become. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RouteBenchmark {

    /** A power of two. */
    private static final int ASKED = 1024;

    @Param({"1", "10000"})
    int routes;

    private final AnyRequest[] requests = new AnyRequest[ASKED];
    private StartedVelo velo;
    private RouteTable table;
    private int next;

    @Setup
    public void start() throws IOException {
        Path file = Files.createTempFile("routes", ".yaml");
        Files.writeString(file, "spring.cloud.gateway.server.webflux.routes:\n" + definitions());
        velo = StartedVelo.with("spring.config.additional-location=file:" + file);
        Files.delete(file);
        table = velo.bean(Routes.class).table();
        for (int i = 0; i < ASKED; i++) {
            requests[i] = new AnyRequest("/svc-" + (long) i * routes / ASKED + "/small");
        }
    }

    private String definitions() {
        return IntStream.range(0, routes)
                .mapToObj(i -> "- { id: r" + i + ", uri: 'lb://default', predicates: [ 'Path=/svc-" + i + "/**' ] }\n")
                .collect(Collectors.joining());
    }

    @TearDown
    public void stop() {
        velo.close();
    }

    @Benchmark
    public Route find() {
        return table.find(requests[next++ & ASKED - 1]);
    }
}
