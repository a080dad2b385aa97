package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Without it, every other test here might run twice on one and the same lane. */
class LaneIT {

    @ParameterizedTest
    @EnumSource(Lane.class)
    void takesTheLaneThatWasAskedFor(Lane lane) throws IOException {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend))) {
            assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("ok");

            await().untilAsserted(() -> assertThat(velo.requests(lane)).isEqualTo(1));
        }
    }
}
