package io.velo.config;

import java.util.List;
import java.util.function.Supplier;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.properties.source.ConfigurationPropertyCaching;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.support.EnvironmentPostProcessorsFactory;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.ResourceLoader;

/**
 * Reads files, variables and flags once more, in the same order of precedence as at the start: it has Boot's own processors
 * do it. What code put into the running environment besides, is not in it.
 */
final class FreshEnvironment {

    private static final String DEFAULTS = "defaultProperties";

    /** Looks up the names of the machine's addresses, which takes long and is of no use here. */
    private static final String HOST_NAMES = "org.springframework.cloud.client.";

    private final ConfigurableEnvironment running;
    private final ResourceLoader classPath =
            new DefaultResourceLoader(new KnownClassPath(FreshEnvironment.class.getClassLoader()));
    private volatile ConfigFiles files;

    FreshEnvironment(ConfigurableEnvironment running) {
        this.running = running;
        this.files = ConfigFiles.of(running);
    }

    /** The files that were read the last time. */
    ConfigFiles files() {
        return files;
    }

    /**
     * Reads them.
     *
     * @throws RuntimeException if a file cannot be read
     */
    ConfigurableEnvironment read() {
        files.refuseBlank();
        ConfigurableEnvironment fresh = processed();
        files = ConfigFiles.of(fresh);
        return fresh;
    }

    private ConfigurableEnvironment processed() {
        StandardEnvironment fresh = new StandardEnvironment();
        PropertySource<?> flags =
                running.getPropertySources().get(CommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME);
        if (flags instanceof SimpleCommandLinePropertySource known) {
            fresh.getPropertySources().addFirst(known);
        }
        PropertySource<?> defaults = running.getPropertySources().get(DEFAULTS);
        if (defaults != null) {
            fresh.getPropertySources().addLast(defaults);
        }
        ConfigurationPropertySources.attach(fresh);
        SpringApplication application = new SpringApplication(classPath);
        processors().forEach(processor -> processor.postProcessEnvironment(fresh, application));
        ConfigurationPropertySources.attach(fresh);
        ConfigurationPropertyCaching.get(fresh).enable(); // nobody changes it any more, and binding looks often
        return fresh;
    }

    private static List<EnvironmentPostProcessor> processors() {
        return EnvironmentPostProcessorsFactory.fromSpringFactories(FreshEnvironment.class.getClassLoader())
                .getEnvironmentPostProcessors(Supplier::get, new DefaultBootstrapContext())
                .stream()
                .filter(processor -> !processor.getClass().getName().startsWith(HOST_NAMES))
                .toList();
    }
}
