package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.socket.ServerSocketChannel;
import io.velo.route.Lane;
import io.velo.testing.JarProcess;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import io.velo.wire.NativeLoops;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.netty.resources.LoopResources;

class TransportIT {

    @BeforeEach
    void onlyLinuxHasEither() {
        assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void takesEpollUnlessAskedForMore(Lane lane) throws IOException {
        serves(lane, "auto", "EpollServerSocketChannel");
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void takesUringIfAskedFor(Lane lane) throws IOException {
        assumeThat(NativeLoops.whyNoUring()).as("io_uring is to be had").isEmpty();

        serves(lane, "io_uring", "IoUringServerSocketChannel");
    }

    private static void serves(Lane lane, String transport, String channel) throws IOException {
        String body = "x".repeat(200_000);
        try (RawBackend backend = RawBackend.saying(body);
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend), "lb.transport=" + transport)) {
            LoopResources loops = velo.context().getBean(LoopResources.class);

            assertThat(loops.onChannelClass(ServerSocketChannel.class, loops.onServer(true))
                            .getSimpleName())
                    .isEqualTo(channel);
            assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo(body);
            assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo(body);
            velo.awaitRequests("success", "none", 2);
            velo.awaitIdle();
        }
    }

    @Test
    void goesOnWithoutWhatTheMachineLacks() throws IOException {
        try (RawBackend backend = RawBackend.saying("ok");
                JarProcess velo = JarProcess.start(
                        List.of("-Dio.netty.transport.noNative=true"),
                        "lb.transport=io_uring",
                        "lb.health.enabled=false",
                        "lb.backends=" + backend.url())) {
            assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("ok");
            assertThat(velo.log()).contains("going on without io_uring").containsPattern("balancing on \\S+ by nio");
        }
    }

    @Test
    void hasTheSameLoopsForAManagementPortOfItsOwn() throws IOException {
        try (RawBackend backend = RawBackend.saying("ok");
                JarProcess velo = JarProcess.start(
                        List.of(),
                        "management.server.port=0",
                        "lb.health.enabled=false",
                        "lb.backends=" + backend.url())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> velo.log().contains("look at http"));

            assertThat(velo.threads())
                    .anyMatch(name -> name.startsWith("velo-epoll"))
                    .noneMatch(name -> name.startsWith("reactor-http"));
        }
    }
}
