package io.velo.simulate;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Runs all scenarios and prints what came of them as JSON, times in milliseconds. */
public final class Simulation {

    private static final long SEED = 2026;

    private Simulation() {}

    /** Takes a part of the names of the scenarios that are to be run; all without. */
    public static void main(String[] arguments) {
        String wanted = arguments.length == 0 ? "" : arguments[0];
        List<Scenario> scenarios =
                scenarios().filter(each -> each.name().contains(wanted)).toList();
        System.out.println(IntStream.range(0, scenarios.size())
                .mapToObj(i -> {
                    System.err.printf("%d of %d: %s%n", i + 1, scenarios.size(), scenarios.get(i));
                    return new Run(scenarios.get(i), SEED).result();
                })
                .collect(Collectors.joining(",\n", "[\n", "\n]")));
    }

    private static Stream<Scenario> scenarios() {
        return Stream.of(
                        each("even"),
                        each("mixed").map(one -> one.slow(0.2)),
                        each("freeze").map(one -> one.utilized(0.5).freezing()),
                        size(),
                        instances(),
                        load(),
                        skew())
                .flatMap(all -> all);
    }

    private static Stream<Scenario> each(String name) {
        return Balancer.strategies().map(strategy -> Scenario.of(name, strategy, 10));
    }

    private static Stream<Scenario> size() {
        return Stream.of(3, 10, 30, 100, 300, 1000, 10_000)
                .flatMap(servers -> Balancer.strategies().map(strategy -> Scenario.of("size", strategy, servers)));
    }

    private static Stream<Scenario> instances() {
        return Stream.of(1, 2, 4, 8, 16, 32)
                .flatMap(count -> Stream.of("leastconnection", "p2c", "leasttime")
                        .map(strategy ->
                                Scenario.of("instances", strategy, 30).slow(0.2).by(count)));
    }

    private static Stream<Scenario> load() {
        return Stream.of(0.3, 0.5, 0.7, 0.8, 0.9, 0.95)
                .flatMap(part ->
                        Balancer.strategies().map(strategy -> Scenario.of("load", strategy, 10).utilized(part)));
    }

    private static Stream<Scenario> skew() {
        return Stream.of(0.0, 0.7, 1.0)
                .flatMap(exponent -> Stream.of("hash 0", "hash 2", "hash 1.25", "hash 1.1", "p2c")
                        .map(strategy -> Scenario.of("skew " + exponent, strategy, 10)
                                .working(32)
                                .skewed(exponent)));
    }
}
