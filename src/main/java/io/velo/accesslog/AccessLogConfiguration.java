package io.velo.accesslog;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Without it nobody listens to records, and so none are made. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("lb.access-log.enabled")
class AccessLogConfiguration {

    @Bean(destroyMethod = "close")
    AccessLog accessLog(AccessLogSettings settings, MeterRegistry registry) {
        Counter dropped = Counter.builder("lb.access.log.dropped")
                .description("Lines of the access log that were dropped because too many waited to be written")
                .register(registry);
        return AccessLog.open(settings, dropped::increment);
    }
}
