package io.velo.config;

import io.velo.pool.PoolSpec;
import io.velo.strategy.StrategyFactory;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;

/** Reads the configuration as a start would and tells the outcome, without starting anything. */
final class ConfigCheck {

    private final PrintStream out;
    private final PrintStream err;

    ConfigCheck(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * The exit code: 0 if nothing is wrong.
     *
     * @param against where the management of a running Velo is, to be compared with; empty for none
     */
    int run(String against, String... springArguments) {
        try {
            ConfigCapture capture = capture(springArguments);
            capture.problems.forEach(problem -> err.println(problem));
            if (!capture.problems.isEmpty()) {
                return 1;
            }
            out.println("the configuration is right");
            if (!against.isEmpty()) {
                new RunningDiff(against).sentences(capture.digest).forEach(out::println);
            }
            return 0;
        } catch (RuntimeException e) { // the file can't be read at all: bad YAML, a missing import; or nobody answers
            err.println(NestedExceptionUtils.getMostSpecificCause(e).getMessage());
            return 1;
        }
    }

    private static ConfigCapture capture(String... springArguments) {
        ConfigCapture capture = new ConfigCapture();
        SpringApplication application = new SpringApplication(ConfigCheck.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setBannerMode(Banner.Mode.OFF);
        application.setInitializers(List.of(capture));
        application.setDefaultProperties(Map.of("logging.level.root", "off"));
        try {
            application.run(springArguments);
        } catch (SpringApplication.AbandonedRunException e) {
            return capture; // as planned: the environment was all that was wanted
        }
        throw new IllegalStateException("the run was not abandoned");
    }

    private static final class ConfigCapture implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        private final List<ConfigProblem> problems = new ArrayList<>();
        private Map<String, String> digest = Map.of();

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            ConfigReader.Attempt attempt = new ConfigReader(context.getEnvironment()).attempt();
            problems.addAll(attempt.problems());
            attempt.config().pools().forEach(this::checkStrategy);
            if (problems.isEmpty()) {
                digest = digestOf(Candidate.of(context.getEnvironment(), attempt.config()));
            }
            throw new SpringApplication.AbandonedRunException(context);
        }

        private static Map<String, String> digestOf(Candidate candidate) {
            Map<String, PoolSpec> specs = new LinkedHashMap<>();
            candidate
                    .config()
                    .pools()
                    .forEach((name, pool) -> specs.put(name, Settings.pool(name, pool, List.of(), "")));
            Map<String, String> digest =
                    new LinkedHashMap<>(ConfigDigest.of(candidate.config(), specs, candidate.routes()));
            digest.putAll(FixedKeys.digests(candidate.fixed()));
            return digest;
        }

        /** Only the strategies that Velo brings; beans are known when the application runs. */
        private void checkStrategy(String pool, PoolProperties properties) {
            Set<String> known = new TreeSet<>();
            StrategyFactory.own().forEach(factory -> known.addAll(factory.names()));
            if (!known.contains(properties.strategy().toLowerCase(Locale.ROOT))) {
                String key = PoolNames.prefixOf(pool) + "strategy";
                problems.add(new ConfigProblem(
                        key, properties.strategy(), "must be one of " + String.join(", ", known) + ", or a bean", ""));
            }
        }
    }
}
