package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import reactor.netty.resources.LoopResources;

class UnsentBytesTest {

    @Test
    @EnabledOnOs(OS.LINUX)
    void areFewWhateverTheKernelWouldTake() throws IOException, InterruptedException {
        LoopResources loops = NativeLoops.epoll(1).orElseThrow();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Channel channel = new Bootstrap()
                    .group(loops.onClient(true))
                    .channel(EpollSocketChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(server.getLocalSocketAddress())
                    .sync()
                    .channel();
            UnsentBytes.bound(channel);

            assertThat(channel.config().getOption(EpollChannelOption.TCP_NOTSENT_LOWAT))
                    .isEqualTo(512 * 1024);
            channel.close().sync();
        } finally {
            loops.disposeLater(Duration.ZERO, Duration.ZERO).block();
        }
    }
}
