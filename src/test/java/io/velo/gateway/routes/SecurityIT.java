package io.velo.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spring Security as it comes guards every request, so none may walk around it. */
class SecurityIT {

    private static final String SWITCHED_ON = "spring.autoconfigure.exclude=";

    @Test
    void guardsEveryRoute() throws IOException {
        try (RawBackend backend = RawBackend.saying("secret");
                RunningVelo velo = RunningVelo.unprobed(List.of(backend), SWITCHED_ON)) {
            assertThat(velo.routes().routes()).singleElement().satisfies(route -> {
                assertThat(route.lane()).isEqualTo(Lane.GATEWAY);
                assertThat(route.why())
                        .startsWith("bean '")
                        .contains("org.springframework.security.")
                        .endsWith(" has a say in every request");
            });
            assertThat(RawClient.get(velo.port(), "/").status()).isEqualTo(401);
            assertThat(backend.heads()).isEmpty();
        }
    }
}
