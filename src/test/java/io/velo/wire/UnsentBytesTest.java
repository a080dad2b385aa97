package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUringChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import reactor.netty.resources.LoopResources;

class UnsentBytesTest {

    private static Long boundOver(LoopResources loops, ChannelOption<Long> option)
            throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Channel channel = new Bootstrap()
                    .group(loops.onClient(true))
                    .channel(loops.onChannelClass(SocketChannel.class, null))
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(server.getLocalSocketAddress())
                    .sync()
                    .channel();
            UnsentBytes.bound(channel);
            Long bound = channel.config().getOption(option);
            channel.close().sync();
            return bound;
        } finally {
            loops.disposeLater(Duration.ZERO, Duration.ZERO).block();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void areFewOverEpoll() throws IOException, InterruptedException {
        LoopResources loops = NativeLoops.epoll(1).orElseThrow();

        assertThat(boundOver(loops, EpollChannelOption.TCP_NOTSENT_LOWAT)).isEqualTo(512 * 1024);
    }

    @Test
    void areFewOverIoUring() throws IOException, InterruptedException {
        Optional<LoopResources> loops = NativeLoops.ioUring(1);
        assumeThat(loops).isPresent();

        assertThat(boundOver(loops.get(), IoUringChannelOption.TCP_NOTSENT_LOWAT))
                .isEqualTo(512 * 1024);
    }
}
