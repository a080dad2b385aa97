package io.velo.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsPathIT {

    private final RawBackend backend = RawBackend.saying("theirs");

    @AfterEach
    void stop() throws IOException {
        backend.close();
    }

    @Test
    void isTheBackendsIfItIsTurnedOff() throws IOException {
        try (RunningVelo without = RunningVelo.unprobed(List.of(backend), "lb.metrics.enabled=false")) {
            assertThat(RawClient.get(without.port(), "/metrics").body()).isEqualTo("theirs");
        }
    }

    @Test
    void canBeElsewhere() throws IOException {
        try (RunningVelo elsewhere = RunningVelo.unprobed(List.of(backend), "lb.metrics.path=/velo/stats")) {
            assertThat(RawClient.get(elsewhere.port(), "/velo/stats").body()).startsWith("{\"default\":");
            assertThat(RawClient.get(elsewhere.port(), "/metrics").body()).isEqualTo("theirs");
        }
    }
}
