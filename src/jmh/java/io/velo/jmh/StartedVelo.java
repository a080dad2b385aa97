package io.velo.jmh;

import io.velo.VeloApplication;
import io.velo.strategy.StrategyFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Velo as its users run it, but without probes and without traffic, as the place to take its beans from. */
final class StartedVelo implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private StartedVelo(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts with these properties, written {@code key=value}. */
    static StartedVelo with(String... properties) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.address=127.0.0.1",
                "--server.port=0",
                "--lb.health.enabled=false",
                "--lb.backends=http://127.0.0.1:1",
                "--logging.level.root=warn"));
        Arrays.stream(properties).map(property -> "--" + property).forEach(arguments::add);
        return new StartedVelo(
                new SpringApplicationBuilder(VeloApplication.class).run(arguments.toArray(String[]::new)));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    <T> List<T> beans(Class<T> type) {
        return context.getBeanProvider(type).orderedStream().toList();
    }

    /** One name of each strategy: the longest that is one word. */
    List<String> strategies() {
        return beans(StrategyFactory.class).stream()
                .map(factory -> factory.names().stream()
                        .filter(name -> name.matches("[a-z0-9]+"))
                        .max(Comparator.comparingInt(String::length))
                        .orElseThrow())
                .toList();
    }

    StrategyFactory strategy(String name) {
        return beans(StrategyFactory.class).stream()
                .filter(factory -> factory.names().contains(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        context.close();
    }
}
