package io.velo.config;

import io.velo.strategy.StrategyFactory;
import java.io.PrintStream;
import java.util.ArrayList;
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

    /** The exit code: 0 if nothing is wrong. */
    int run(String... springArguments) {
        try {
            List<ConfigProblem> problems = problems(springArguments);
            problems.forEach(problem -> err.println(problem));
            if (problems.isEmpty()) {
                out.println("the configuration is right");
            }
            return problems.isEmpty() ? 0 : 1;
        } catch (RuntimeException e) { // the file can't be read at all: bad YAML, a missing import
            err.println(NestedExceptionUtils.getMostSpecificCause(e).getMessage());
            return 1;
        }
    }

    private static List<ConfigProblem> problems(String... springArguments) {
        ConfigCapture capture = new ConfigCapture();
        SpringApplication application = new SpringApplication(ConfigCheck.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setBannerMode(Banner.Mode.OFF);
        application.setInitializers(List.of(capture));
        application.setDefaultProperties(Map.of("logging.level.root", "off"));
        try {
            application.run(springArguments);
        } catch (SpringApplication.AbandonedRunException e) {
            return capture.problems; // as planned: the environment was all that was wanted
        }
        throw new IllegalStateException("the run was not abandoned");
    }

    private static final class ConfigCapture implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        private final List<ConfigProblem> problems = new ArrayList<>();

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            ConfigReader.Attempt attempt = new ConfigReader(context.getEnvironment()).attempt();
            problems.addAll(attempt.problems());
            attempt.config().pools().forEach(this::checkStrategy);
            throw new SpringApplication.AbandonedRunException(context);
        }

        /** Only the strategies that Velo brings; beans are known when the application runs. */
        private void checkStrategy(String pool, PoolProperties properties) {
            Set<String> known = new TreeSet<>(StrategyFactory.roundRobin().names());
            known.addAll(StrategyFactory.leastConnection().names());
            if (!known.contains(properties.strategy().toLowerCase(Locale.ROOT))) {
                String key = PoolNames.prefixOf(pool) + "strategy";
                problems.add(new ConfigProblem(
                        key, properties.strategy(), "must be one of " + String.join(", ", known) + ", or a bean", ""));
            }
        }
    }
}
