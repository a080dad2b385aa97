package io.velo.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollChannelOption;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@EnabledOnOs(OS.LINUX)
class UnsentBytesIT {

    private static final BlockingQueue<Channel> ACCEPTED = new LinkedBlockingQueue<>();

    @Configuration(proxyBeanMethods = false)
    static class Listening {

        @Bean
        NettyServerCustomizer listening() {
            return server -> server.doOnConnection(connection -> ACCEPTED.add(connection.channel()));
        }
    }

    @Test
    void areBoundedForEachClient() throws Exception {
        try (RunningVelo velo = RunningVelo.of(List.of(Listening.class), "lb.backends=http://127.0.0.1:1");
                RawClient client = RawClient.to(velo.port())) {
            client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");

            Channel accepted = ACCEPTED.poll(10, TimeUnit.SECONDS);
            assertThat(accepted).isNotNull();
            assertThat(accepted.config().getOption(EpollChannelOption.TCP_NOTSENT_LOWAT))
                    .isEqualTo(512 * 1024);
        }
    }
}
