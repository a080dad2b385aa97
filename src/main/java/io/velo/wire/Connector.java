package io.velo.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import io.velo.backend.BackendSpec;
import io.velo.backend.Reason;
import io.velo.proxyprotocol.ProxyHeaderWriter;
import io.velo.proxyprotocol.ProxyProtocol;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Opens connections of one event loop to one backend: resolves its name, tries its addresses in turn, shakes hands. */
final class Connector {

    private final BackendSpec backend;
    private final UpstreamSettings settings;
    private final Bootstrap bootstrap;
    private final AddressResolverGroup<InetSocketAddress> resolvers;
    private final @Nullable SslContext tls;
    private final @Nullable Channel client; // none unless backends are told whose a connection is
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
        this.client = settings.proxyProtocol() == ProxyProtocol.NONE ? null : like;
        this.authority = AsciiString.of(backend.uri().getRawAuthority());
        this.bootstrap = new Bootstrap()
                .group(like.eventLoop())
                .channel(sockets)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        settings.connectTimeout().toMillis())
                .disableResolver();
    }

    /** How many requests a connection is expected to take at once. */
    int requestsExpected() {
        return backend.http11() && !negotiates() ? 1 : settings.streams().most();
    }

    /** Whether the backend is let choose. */
    private boolean negotiates() {
        return backend.secure() && settings.tls().offersHttp2();
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

    private void shakeHands(Channel channel, ConnectionPool pool) {
        SslHandler handshake = channel.pipeline().get(SslHandler.class);
        if (handshake == null) {
            connected(channel, pool);
            return;
        }
        handshake.handshakeFuture().addListener(done -> {
            if (done.isSuccess() && !negotiates()) {
                connected(channel, pool);
            } else if (!done.isSuccess()) {
                channel.close();
                pool.notConnected(FailureReasons.of(done.cause()));
            }
        });
    }

    /** One for one request at a time is ready; one for many tells when it is. */
    private static void connected(Channel channel, ConnectionPool pool) {
        Optional.ofNullable(channel.pipeline().get(BackendConnection.class)).ifPresent(pool::connected);
    }

    private void speakHttp11(Channel channel, ConnectionPool pool) {
        AnswerGuard.append(channel.pipeline());
        channel.pipeline().addLast(new BackendConnection(pool, settings, channel, nanos));
    }

    /** Waits for what the backend has chosen; that a handshake failed is told by the handshake. */
    private final class Agreement extends ApplicationProtocolNegotiationHandler {

        private final ConnectionPool pool;

        Agreement(ConnectionPool pool) {
            super(ApplicationProtocolNames.HTTP_1_1);
            this.pool = pool;
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
            Channel channel = ctx.channel();
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                SharedConnection.install(ctx.pipeline(), pool, settings, true, nanos);
            } else if (settings.tls().offersHttp11()) {
                speakHttp11(channel, pool);
                connected(channel, pool);
            } else {
                channel.close();
                pool.notConnected(Reason.TLS_PROTOCOL_ERROR);
            }
        }

        @Override
        protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private final class Setup extends ChannelInitializer<Channel> {

        private final ConnectionPool pool;

        Setup(ConnectionPool pool) {
            this.pool = pool;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (client != null) {
                channel.pipeline().addLast(ProxyHeaderWriter.of(client, settings.proxyProtocol()));
            }
            if (tls != null) {
                SslHandler handler =
                        tls.newHandler(channel.alloc(), backend.uri().getHost(), port());
                handler.setHandshakeTimeoutMillis(settings.connectTimeout().toMillis());
                channel.pipeline().addLast(handler);
            }
            if (negotiates()) {
                channel.pipeline().addLast(new Agreement(pool));
            } else if (backend.http11()) {
                speakHttp11(channel, pool);
            } else {
                SharedConnection.install(channel.pipeline(), pool, settings, false, nanos);
            }
        }
    }
}
