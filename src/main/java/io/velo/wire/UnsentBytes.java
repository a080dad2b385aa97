package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringSocketChannel;

/**
 * Bounds what the kernel takes of answers that it can't send yet. By itself Linux takes up to 4 MiB for each client that reads
 * slowly, which costs that memory and, when many such clients come at once, the time to copy it. What is on its way to a client
 * doesn't count, so a fast one is served as fast as before.
 */
public final class UnsentBytes {

    /** With 128 KiB, large answers to fast clients cost a sixth more processor time; with this nothing that can be told from noise. */
    private static final long MOST = 512 * 1024;

    private UnsentBytes() {}

    /** For a connection over epoll or io_uring; Java's own sockets don't know the option. */
    public static void bound(Channel channel) {
        if (channel instanceof EpollSocketChannel) {
            channel.config().setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, MOST);
        } else if (channel instanceof IoUringSocketChannel) {
            channel.config().setOption(IoUringChannelOption.TCP_NOTSENT_LOWAT, MOST);
        }
    }
}
