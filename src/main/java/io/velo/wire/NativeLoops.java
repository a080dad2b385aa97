package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.NonBlocking;
import reactor.netty.resources.LoopResources;

/**
 * Event loops over one of Linux' own interfaces, chosen by name. Reactor Netty's take io_uring wherever they find it.
 *
 * <p>Connections are accepted on a loop of its own. A loop that accepts itself may close a connection and open the next one, with
 * the same file descriptor, while events for the old one are still to come in its batch; Netty takes them for the new one's, and
 * one that loses its EPOLLRDHUP that way fails with ENOENT when it has paused and reads on. Handed over by another loop it
 * begins behind the batch. {@link Connector} sees to the same for connections to backends.
 */
public final class NativeLoops implements LoopResources {

    private static final Map<Class<? extends Channel>, Class<? extends Channel>> EPOLL_CHANNELS = Map.of(
            SocketChannel.class, EpollSocketChannel.class,
            ServerSocketChannel.class, EpollServerSocketChannel.class,
            DatagramChannel.class, EpollDatagramChannel.class);

    private static final Map<Class<? extends Channel>, Class<? extends Channel>> URING_CHANNELS = Map.of(
            SocketChannel.class, IoUringSocketChannel.class,
            ServerSocketChannel.class, IoUringServerSocketChannel.class,
            DatagramChannel.class, IoUringDatagramChannel.class);

    private final Map<Class<? extends Channel>, Class<? extends Channel>> channels;
    private final EventLoopGroup acceptor;
    private final EventLoopGroup loops;
    private final EventLoopGroup clientLoops;
    private volatile boolean disposed;

    private NativeLoops(
            String name,
            int threads,
            IoHandlerFactory handlers,
            Map<Class<? extends Channel>, Class<? extends Channel>> channels) {
        this.channels = channels;
        this.acceptor = new MultiThreadIoEventLoopGroup(1, threadFactory("accept"), handlers);
        this.loops = new MultiThreadIoEventLoopGroup(threads, threadFactory(name), handlers);
        this.clientLoops = LoopResources.colocate(loops);
    }

    /** Over epoll; none where there is none. */
    public static Optional<LoopResources> epoll(int threads) {
        return Epoll.isAvailable()
                ? Optional.of(new NativeLoops("epoll", threads, EpollIoHandler.newFactory(), EPOLL_CHANNELS))
                : Optional.empty();
    }

    /** Over io_uring; none where {@link #whyNoUring} says why. */
    public static Optional<LoopResources> ioUring(int threads) {
        return IoUring.isAvailable()
                ? Optional.of(new NativeLoops("io_uring", threads, IoUringIoHandler.newFactory(), URING_CHANNELS))
                : Optional.empty();
    }

    /** What is missing for io_uring, in the system's words. */
    public static String whyNoUring() {
        Throwable cause = IoUring.unavailabilityCause();
        return cause == null
                ? ""
                : String.valueOf(
                        NestedExceptionUtils.getMostSpecificCause(cause).getMessage());
    }

    private static ThreadFactory threadFactory(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new LoopThread(task, "velo-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public EventLoopGroup onServerSelect(boolean useNative) {
        return acceptor;
    }

    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return loops;
    }

    @Override
    public EventLoopGroup onClient(boolean useNative) {
        return clientLoops;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, @Nullable EventLoopGroup group) {
        return (Class<? extends C>) Objects.requireNonNull(channels.get(type), type::getSimpleName);
    }

    @Override
    public <C extends Channel> C onChannel(Class<C> type, @Nullable EventLoopGroup group) {
        try {
            return onChannelClass(type, group).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    @Override
    public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
        return Mono.create(end -> {
            disposed = true;
            acceptor.shutdownGracefully(quietPeriod.toMillis(), timeout.toMillis(), TimeUnit.MILLISECONDS);
            loops.shutdownGracefully(quietPeriod.toMillis(), timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .addListener(ended -> end.success());
        });
    }

    /** Marked, so that Reactor refuses to block it. */
    private static final class LoopThread extends FastThreadLocalThread implements NonBlocking {

        LoopThread(Runnable task, String name) {
            super(task, name);
        }
    }
}
