package io.velo.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.support.SystemEnvironmentPropertySourceEnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** A configuration from flags, variables and files, in the order in which Boot looks at them. */
final class TestConfig {

    private static final SpringApplication APPLICATION = new SpringApplication(TestConfig.class);

    private final List<String> flags = new ArrayList<>();
    private final Map<String, Object> variables = new LinkedHashMap<>();
    private final List<PropertySource<?>> files = new ArrayList<>();

    /** A file of one key. */
    static TestConfig with(String key, String value) {
        return new TestConfig().file(key + ": '" + value + "'");
    }

    static TestConfig ofFile(String yaml) {
        return new TestConfig().file(yaml);
    }

    static TestConfig ofVariable(String name, String value) {
        return new TestConfig().variable(name, value);
    }

    TestConfig flag(String flag) {
        flags.add(flag);
        return this;
    }

    TestConfig variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** A file; it goes before those named later. */
    TestConfig file(String yaml) {
        String name = "velo-" + (files.size() + 1) + ".yaml";
        ByteArrayResource resource = new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8), name);
        try {
            files.addAll(new YamlPropertySourceLoader().load(name, resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    VeloConfig read() {
        return new ConfigReader(environment()).read();
    }

    /** Reads it after others. */
    VeloConfig read(ReadBefore before) {
        return new ConfigReader(environment(), before).read();
    }

    PoolProperties pool(String name) {
        return read().pools().get(name);
    }

    /** The default pool. */
    PoolProperties pool() {
        return pool("default");
    }

    List<ConfigProblem> problems() {
        try {
            read();
            return List.of();
        } catch (InvalidConfigurationException e) {
            return e.problems();
        }
    }

    ConfigurableEnvironment environment() {
        ConfigurableEnvironment environment = new StandardEnvironment() {
            @Override
            protected void customizePropertySources(MutablePropertySources sources) {
                // nothing of the machine that runs the test
            }
        };
        MutablePropertySources sources = environment.getPropertySources();
        if (!flags.isEmpty()) {
            sources.addLast(new SimpleCommandLinePropertySource(flags.toArray(String[]::new)));
        }
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        sources.addLast(new SystemEnvironmentPropertySource(name, variables));
        files.forEach(sources::addLast);
        ConfigurationPropertySources.attach(environment);
        new SystemEnvironmentPropertySourceEnvironmentPostProcessor().postProcessEnvironment(environment, APPLICATION);
        new VeloEnvironment().postProcessEnvironment(environment, APPLICATION);
        return environment;
    }
}
