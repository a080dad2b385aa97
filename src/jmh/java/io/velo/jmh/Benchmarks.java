package io.velo.jmh;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks, each with every strategy that Velo knows, and counts what they allocate. */
public final class Benchmarks {

    private static final String STRATEGY = "strategy";

    private Benchmarks() {}

    /** Takes JMH's own options. */
    public static void main(String[] arguments) throws Exception {
        CommandLineOptions given = new CommandLineOptions(arguments);
        ChainedOptionsBuilder options = new OptionsBuilder().parent(given).addProfiler(GCProfiler.class);
        if (!given.getParameter(STRATEGY).hasValue()) {
            try (StartedVelo velo = StartedVelo.with()) {
                options.param(STRATEGY, velo.strategies().toArray(String[]::new));
            }
        }
        new Runner(options.build()).run();
    }
}
