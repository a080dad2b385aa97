package io.velo.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.config.MeterFilter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Brings the meters of the JVM and the process into the form that Prometheus wants: seconds, and no name on {@code count}. */
@Configuration(proxyBeanMethods = false)
class PlatformMetersConfiguration {

    private static final Set<String> NOT_IN_SECONDS = Set.of("process.cpu.time", "jvm.compilation.time");

    @Bean
    MeterFilter platformMeterNames() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getName().equals("system.cpu.count") ? id.withName("system.cpus") : id;
            }
        };
    }

    @Bean
    MeterFilter platformMetersInSeconds() {
        return MeterFilter.deny(id -> NOT_IN_SECONDS.contains(id.getName()));
    }

    /** {@code process_cpu_seconds_total}, as of every process that Prometheus' own libraries describe. */
    @Bean
    MeterBinder processCpu() {
        return registry -> {
            if (ManagementFactory.getOperatingSystemMXBean()
                    instanceof com.sun.management.OperatingSystemMXBean system) {
                FunctionCounter.builder("process.cpu", system, PlatformMetersConfiguration::cpuSeconds)
                        .description("Processor time, user and system")
                        .baseUnit("seconds")
                        .register(registry);
            }
        };
    }

    private static double cpuSeconds(com.sun.management.OperatingSystemMXBean system) {
        return system.getProcessCpuTime() / (double) Duration.ofSeconds(1).toNanos();
    }
}
