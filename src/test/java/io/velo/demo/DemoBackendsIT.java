package io.velo.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Backend;
import io.velo.pool.Pools;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The first look: three backends inside the process. */
class DemoBackendsIT {

    @Test
    void takeTurnsFromTheFirst() throws IOException {
        try (RunningVelo velo = RunningVelo.with("lb.demo.backends=3")) {
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                answers.add(RawClient.get(velo.port(), "/").body());
            }

            assertThat(answers).containsExactly("b1\n", "b2\n", "b3\n", "b1\n", "b2\n", "b3\n");
        }
    }

    @Test
    void findAnotherPortIfTheirsIsTaken() throws IOException {
        try (RunningVelo first = RunningVelo.with("lb.demo.backends=2");
                RunningVelo second = RunningVelo.with("lb.demo.backends=2")) {
            assertThat(RawClient.get(second.port(), "/").body()).isEqualTo("b1\n");
            assertThat(ports(second)).hasSize(2).doesNotContainAnyElementsOf(ports(first));
        }
    }

    @Test
    void giveWayToBackendsOfTheConfiguration() throws IOException {
        try (RawBackend own = RawBackend.saying("own");
                RunningVelo velo = RunningVelo.with("lb.demo.backends=3", "lb.backends=" + own.url())) {
            assertThat(velo.pool(Pools.DEFAULT).backends())
                    .extracting(Backend::id)
                    .containsExactly("127.0.0.1:" + own.port());
            assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("own");
        }
    }

    @Test
    void areNoneUnlessTheyAreAskedFor() {
        try (RunningVelo velo = RunningVelo.with()) {
            assertThat(velo.pool(Pools.DEFAULT).backends()).isEmpty();
        }
    }

    private static List<Integer> ports(RunningVelo velo) {
        return velo.pool(Pools.DEFAULT).backends().stream()
                .map(backend -> backend.spec().uri().getPort())
                .toList();
    }
}
