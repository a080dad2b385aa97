package io.velo.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** One scenario from its first request to the end of its last answer. The same seed gives the same run. */
final class Run {

    private static final double MEAN_NANOS = 10e6;
    private static final int SLOWNESS = 3;
    private static final long FREEZE_NANOS = 2_000_000_000L;
    private static final int FEWEST_REQUESTS = 200_000;
    private static final int REQUESTS_PER_SERVER = 60;
    private static final double WARM_UP = 0.1; // of the requests aren't counted
    private static final int SAMPLES = 2000;

    private final Scenario scenario;
    private final Timeline timeline = new Timeline();
    private final SplittableRandom random;
    private final List<Server> servers = new ArrayList<>();
    private final List<Balancer> balancers = new ArrayList<>();
    private final Keys keys;
    private final int requests;
    private final double perNano;
    private final long[] latencies;
    private int sent;
    private int counted;
    private double busiestToMean;
    private int samples;

    Run(Scenario scenario, long seed) {
        this.scenario = scenario;
        this.random = new SplittableRandom(seed);
        this.keys = new Keys(random.split(), scenario.skew());
        this.requests = Math.max(FEWEST_REQUESTS, REQUESTS_PER_SERVER * scenario.servers());
        this.latencies = new long[requests];
        for (int i = 0; i < scenario.servers(); i++) {
            boolean slow = i < scenario.slowPart() * scenario.servers();
            servers.add(new Server(timeline, random.split(), scenario.workers(), slow ? MEAN_NANOS * SLOWNESS : MEAN_NANOS));
        }
        for (int i = 0; i < scenario.balancers(); i++) {
            balancers.add(new Balancer(timeline, random.split(), scenario.strategy(), servers));
        }
        this.perNano =
                scenario.utilization() * servers.stream().mapToDouble(Server::requestsPerNano).sum();
    }

    /** Runs it, and tells what came of it as one object of JSON. */
    String result() {
        arrive();
        long length = (long) (requests / perNano);
        if (scenario.frozen()) {
            timeline.after(length / 2, () -> servers.get(0).freeze(FREEZE_NANOS));
        }
        for (int i = 1; i <= SAMPLES; i++) {
            timeline.after((long) (length * (WARM_UP + (1 - WARM_UP) * i / (SAMPLES + 1.0))), this::sample);
        }
        timeline.run();
        return json();
    }

    /** Requests come as they do from many independent clients (Poisson). */
    private void arrive() {
        if (sent == requests) {
            return;
        }
        boolean counts = sent++ >= requests * WARM_UP;
        long start = timeline.now();
        balancers.get(random.nextInt(balancers.size())).request(keys.draw(), () -> {
            if (counts) {
                latencies[counted++] = timeline.now() - start;
            }
        });
        timeline.after((long) (-Math.log(1 - random.nextDouble()) / perNano), this::arrive);
    }

    private void sample() {
        double sum = 0;
        int most = 0;
        for (Server each : servers) {
            sum += each.load();
            most = Math.max(most, each.load());
        }
        if (sum > 0) {
            busiestToMean += most * servers.size() / sum;
            samples++;
        }
    }

    private String json() {
        long[] sorted = Arrays.copyOf(latencies, counted);
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "{\"scenario\": \"%s\", \"strategy\": \"%s\", \"servers\": %d, \"balancers\": %d, \"utilization\": %s, "
                        + "\"requests\": %d, \"mean\": %.3f, \"p50\": %.3f, \"p99\": %.3f, \"p999\": %.3f, \"spread\": %.3f}",
                scenario.name(),
                scenario.strategy(),
                scenario.servers(),
                scenario.balancers(),
                scenario.utilization(),
                counted,
                Arrays.stream(sorted).average().orElse(0) / 1e6,
                quantile(sorted, 0.5),
                quantile(sorted, 0.99),
                quantile(sorted, 0.999),
                busiestToMean / samples);
    }

    private static double quantile(long[] sorted, double part) {
        return sorted[(int) (part * (sorted.length - 1))] / 1e6;
    }
}
