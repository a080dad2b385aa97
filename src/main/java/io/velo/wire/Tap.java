package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.velo.pool.Lease;
import io.velo.pool.Pool;
import io.velo.strategy.RequestView;
import io.velo.wire.MirrorListener.Result;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where requests of one pool are copied for its mirror.
 *
 * @param pool name of the pool
 * @param mirrors looked at for each request: they may change
 * @param connections to the backends that get copies
 */
record Tap(String pool, Mirrors mirrors, BackendConnections connections) {

    /** Tells a copy's backend whose copy it is. */
    private static final String MARK = "Velo-Mirror";

    /** Whether some requests are copied now. */
    boolean open() {
        return mirrors.any() && mirrors.of(pool).isPresent();
    }

    /**
     * A request is about to be sent on this connection: has it copied if it is one of those.
     *
     * @param authority what {@code Host} says to the backend
     */
    void copy(BackendConnection connection, CharSequence authority) {
        Optional<Mirror> mirror = mirrors.of(pool).filter(Mirror::tryBegin);
        Channel channel = connection.channel();
        mirror.ifPresent(by -> channel.pipeline()
                .addLast(new RequestCopy(by, whole -> send(by, whole, authority.toString(), channel))));
    }

    private void send(Mirror mirror, FullHttpRequest copy, String authority, Channel like) {
        Optional<Pool> target = mirrors.target(mirror);
        if (target.isEmpty() || !(target.get().acquire(new View(copy), List.of()) instanceof Lease lease)) {
            copy.release();
            mirror.ended(Result.UNAVAILABLE);
            return;
        }
        copy.headers().set(MARK, pool);
        boolean ownHost = !authority.equals(copy.headers().get(HttpHeaderNames.HOST));
        UpstreamSettings settings = connections.settings(lease.backend().pool());
        Duration most = settings.requestTimeout().isZero() ? settings.responseTimeout() : settings.requestTimeout();
        new MirrorExchange(mirror, copy, ownHost, lease)
                .start(connections.of(lease.backend(), like), like.eventLoop(), most);
    }

    /** A copy as the other pool's strategy sees it. */
    private record View(HttpRequest head) implements RequestView {

        @Override
        public String method() {
            return head.method().name();
        }

        @Override
        public String target() {
            return head.uri();
        }

        /** As the other lane has told the backend. */
        @Override
        public String clientAddress() {
            List<String> told = UpstreamHead.forwardedFor(head.headers());
            return told.isEmpty() ? "" : told.get(0).split(",", 2)[0].strip();
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.ofNullable(head.headers().get(name));
        }
    }
}
