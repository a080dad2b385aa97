package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velo.VeloApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.NestedExceptionUtils;

/** A wrong configuration stops the start with a text for people. */
@ExtendWith(OutputCaptureExtension.class)
class FailedStartIT {

    @Test
    void namesKeyVariableValueAndRule(CapturedOutput output) {
        assertStops("--lb.health.timeout=7s", "--lb.circuit.failure-threshold=0");

        assertThat(output)
                .contains("The configuration is wrong:")
                .contains("  lb.health.timeout (LB_HEALTH_TIMEOUT) is '7s' but must be above zero and at most")
                .contains("  lb.circuit.failure-threshold (LB_CIRCUIT_FAILURETHRESHOLD) is '0' but must be at least 1")
                .contains("--check-config")
                .doesNotContain("\tat ");
    }

    @Test
    void namesTheStrategiesThatThereAre(CapturedOutput output) {
        assertStops("--lb.strategy=fastest", "--lb.pools.api.strategy=nearest", "--lb.demo.backends=1");

        assertThat(output)
                .contains("  lb.strategy (LB_STRATEGY) is 'fastest' but must be one of ")
                .contains("  lb.pools.api.strategy (LB_POOLS_API_STRATEGY) is 'nearest' but must be one of ")
                .contains("leastconnection", "roundrobin")
                .doesNotContain("demo backend started")
                .doesNotContain("\tat ");
    }

    private static void assertStops(String... arguments) {
        assertThatThrownBy(() -> SpringApplication.run(VeloApplication.class, arguments))
                .extracting(NestedExceptionUtils::getMostSpecificCause)
                .isInstanceOf(InvalidConfigurationException.class);
    }
}
