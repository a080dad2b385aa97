package io.velo.demo;

import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DemoConfiguration {

    @Bean
    DemoBackends demoBackends(@Value("${lb.demo.backends:0}") int count) {
        return new DemoBackends(count, () -> ThreadLocalRandom.current().nextDouble());
    }
}
