package io.velo.config;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Reads and checks the configuration before anything is built on it, and publishes it as a bean. */
final class ConfigInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        VeloConfig config = new ConfigReader(context.getEnvironment()).read();
        context.getBeanFactory().registerSingleton("veloConfig", config);
    }
}
