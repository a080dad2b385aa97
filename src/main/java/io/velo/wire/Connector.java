package io.velo.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import io.velo.backend.BackendSpec;
import io.velo.proxyprotocol.ProxyHeaderWriter;
import io.velo.proxyprotocol.ProxyProtocol;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Opens connections of one event loop to one backend: resolves its name, tries its addresses in turn, shakes hands. */
final class Connector {

    private final BackendSpec backend;
    private final UpstreamSettings settings;
    private final Bootstrap bootstrap;
    private final AddressResolverGroup<InetSocketAddress> resolvers;
    private final @Nullable SslContext tls;
    private final Channel client;
    private final LongSupplier nanos;
    private final AsciiString authority;

    /**
     * @param like a channel of the event loop, and the client's where backends are told whose a connection is
     * @param sockets the kind of channel
     * @param tls how to speak TLS to this backend; none for clear text
     */
    Connector(
            BackendSpec backend,
            UpstreamSettings settings,
            Channel like,
            Class<? extends Channel> sockets,
            AddressResolverGroup<InetSocketAddress> resolvers,
            @Nullable SslContext tls,
            LongSupplier nanos) {
        this.backend = backend;
        this.settings = settings;
        this.resolvers = resolvers;
        this.tls = tls;
        this.nanos = nanos;
        this.client = like;
        this.authority = AsciiString.of(backend.uri().getRawAuthority());
        this.bootstrap = new Bootstrap()
                .group(like.eventLoop())
                .channel(sockets)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        settings.connectTimeout().toMillis())
                .disableResolver();
    }

    AsciiString authority() {
        return authority;
    }

    /** Opens one and tells the pool. Not at once, but behind the batch of events at hand: see {@link NativeLoops}. */
    void connect(ConnectionPool pool) {
        bootstrap.config().group().next().execute(() -> resolve(pool));
    }

    private void resolve(ConnectionPool pool) {
        InetSocketAddress address =
                InetSocketAddress.createUnresolved(backend.uri().getHost(), port());
        EventLoop eventLoop = (EventLoop) bootstrap.config().group();
        if (eventLoop.isShuttingDown()) {
            return; // Velo ends: the client's connection is being closed, too
        }
        Future<List<InetSocketAddress>> resolved =
                resolvers.getResolver(eventLoop).resolveAll(address);
        resolved.addListener(done -> {
            if (done.isSuccess()) {
                tryInTurn(resolved.getNow(), 0, pool);
            } else {
                pool.notConnected(FailureReasons.of(done.cause()));
            }
        });
    }

    private int port() {
        int port = backend.uri().getPort();
        return port >= 0 ? port : backend.secure() ? 443 : 80;
    }

    private void tryInTurn(List<InetSocketAddress> addresses, int place, ConnectionPool pool) {
        ChannelFuture connect = bootstrap.clone().handler(new Setup(pool)).connect(addresses.get(place));
        connect.addListener(done -> {
            if (done.isSuccess()) {
                shakeHands(connect.channel(), pool);
            } else if (place + 1 < addresses.size()) {
                tryInTurn(addresses, place + 1, pool);
            } else {
                pool.notConnected(FailureReasons.of(done.cause()));
            }
        });
    }

    private static void shakeHands(Channel channel, ConnectionPool pool) {
        SslHandler handshake = channel.pipeline().get(SslHandler.class);
        if (handshake == null) {
            pool.connected(channel.pipeline().get(BackendConnection.class));
            return;
        }
        handshake.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                pool.connected(channel.pipeline().get(BackendConnection.class));
            } else {
                channel.close();
                pool.notConnected(FailureReasons.of(done.cause()));
            }
        });
    }

    private final class Setup extends ChannelInitializer<Channel> {

        private final ConnectionPool pool;

        Setup(ConnectionPool pool) {
            this.pool = pool;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (settings.proxyProtocol() != ProxyProtocol.NONE) {
                channel.pipeline().addLast(ProxyHeaderWriter.of(client, settings.proxyProtocol()));
            }
            if (tls != null) {
                SslHandler handler =
                        tls.newHandler(channel.alloc(), backend.uri().getHost(), port());
                handler.setHandshakeTimeoutMillis(settings.connectTimeout().toMillis());
                channel.pipeline().addLast(handler);
            }
            AnswerGuard.append(channel.pipeline());
            channel.pipeline().addLast(new BackendConnection(pool, settings, channel, nanos));
        }
    }
}
