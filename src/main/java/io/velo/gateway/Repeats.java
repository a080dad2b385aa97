package io.velo.gateway;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.pool.Pool;
import io.velo.pool.Pools;
import io.velo.pool.Race;
import io.velo.pool.Retry;
import io.velo.pool.Setback;
import io.velo.route.SecondChances;
import io.velo.wire.Room;
import io.velo.wire.UpstreamSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

/** Gets a request of this lane another backend if it has a second chance, as soon as that is due; waits, too, where there is no room. */
final class Repeats {

    private final Pools pools;
    private final Function<String, Optional<UpstreamSettings>> settings;
    private final SecondChances chances;
    private final LongSupplier nanos;

    /**
     * @param settings how requests go to backends, by pool
     */
    Repeats(
            Pools pools,
            Function<String, Optional<UpstreamSettings>> settings,
            SecondChances chances,
            LongSupplier nanos) {
        this.pools = pools;
        this.settings = settings;
        this.chances = chances;
        this.nanos = nanos;
    }

    /** After a failure. */
    Retry after(Reason why, ServerWebExchange exchange, ProxiedRequest request) {
        return request.lease()
                .map(failed -> chances.after(why, failed.pool(), setback(exchange, request)))
                .orElse(Retry.NONE);
    }

    private Setback setback(ServerWebExchange exchange, ProxiedRequest request) {
        Duration most = settings.apply(request.pool())
                .map(UpstreamSettings::requestTimeout)
                .orElse(Duration.ZERO);
        long elapsed = request.elapsedNanos(nanos.getAsLong());
        ExchangeView view = new ExchangeView(exchange.getRequest(), request);
        return Setback.within(
                most, elapsed, view, request.attempts().tried(), request.body().replayable());
    }

    /** It has gone to another backend. */
    void sent(ProxiedRequest request) {
        request.lease().ifPresent(held -> chances.taken(held.pool()));
    }

    /** Waits in the line of a pool in which no backend has room, and holds one when it is this request's turn. */
    Mono<Lease> room(ServerWebExchange exchange, ProxiedRequest request) {
        Pool pool = pools.find(request.pool()).orElseThrow();
        UpstreamSettings upstream = settings.apply(request.pool()).orElseThrow();
        ExchangeView view = new ExchangeView(exchange.getRequest(), request);
        return Mono.<Lease>create(sink -> {
                    Room room = new Room(eventLoop(exchange), new Waiting(request, sink));
                    sink.onDispose(room::leave);
                    room.await(pool.line(), view, upstream.queue(), upstream.queueTimeout());
                })
                .doOnError(FailedRequestException.class, full -> request.explanation()
                        .ifPresent(told -> told.failed(full.why())));
    }

    private static EventLoop eventLoop(ServerWebExchange exchange) {
        HttpServerRequest client = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        return ((Connection) client).channel().eventLoop();
    }

    /** The pause before another attempt, on the event loop of the client. */
    static <T> Mono<T> inTime(Retry retry, ServerWebExchange exchange, Mono<T> attempt) {
        if (retry.delayNanos() == 0) {
            return attempt;
        }
        EventLoop eventLoop = eventLoop(exchange);
        return Mono.<Void>create(sink -> {
                    Future<?> due = eventLoop.schedule(() -> sink.success(), retry.delayNanos(), TimeUnit.NANOSECONDS);
                    sink.onDispose(() -> due.cancel(false));
                })
                .then(attempt);
    }

    /** Holds a second backend beside the first one, which is slow, if that may be and there is one. */
    Optional<Race> beside(ServerWebExchange exchange, ProxiedRequest request) {
        return request.lease().flatMap(first -> chances.beside(first, setback(exchange, request)));
    }

    /** Passes the answer of a backend on, unless the pool would rather have one of another backend, and there is one. */
    Mono<Void> settle(ServerWebExchange exchange, HeldAnswer answer) {
        ProxiedRequest request = ProxiedRequest.of(exchange).orElseThrow();
        Lease lease = request.lease().orElseThrow();
        request.headArrived(answer.status(), answer::drop);
        Retry retry = lease.pool().retries().concerns(answer.status())
                ? chances.after(answer.retryAfter(), lease.pool(), setback(exchange, request))
                : Retry.NONE;
        if (!retry.granted()) {
            return Mono.fromRunnable(answer::passOn);
        }
        Mono<Void> another = Mono.defer(() -> elsewhere(exchange, request, lease, answer));
        return inTime(retry, exchange, another).switchIfEmpty(Mono.fromRunnable(answer::passOn));
    }

    private static Mono<Void> elsewhere(
            ServerWebExchange exchange, ProxiedRequest request, Lease before, HeldAnswer answer) {
        ExchangeView view = new ExchangeView(exchange.getRequest(), request);
        request.explanation().ifPresent(told -> told.answeredInVain(answer.status()));
        if (before.pool().acquire(view, request.attempts().tried().backends()) instanceof Lease next) {
            answer.drop();
            before.complete();
            request.attempts().hold(next);
            return Mono.error(new TakenElsewhere(next));
        }
        return Mono.empty();
    }

    /** A request that waits for room. */
    private record Waiting(ProxiedRequest request, MonoSink<Lease> sink) implements Room.Guest {

        @Override
        public void served(Lease lease) {
            request.attempts().hold(lease); // before anybody else hears of it
            sink.success(lease);
        }

        @Override
        public void turnedAway() {
            sink.error(new FailedRequestException(Reason.CONNECTION_LIMIT_REACHED, null));
        }
    }
}
