package io.velo.gateway;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.pool.Pick;
import io.velo.pool.Pool;
import io.velo.pool.Pools;
import io.velo.pool.Retries;
import io.velo.pool.Retry;
import io.velo.pool.Setback;
import io.velo.route.RequestListener;
import io.velo.wire.UpstreamSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Asks the pool whether a request of this lane goes to another backend, waits as long as it says, and tells who counts; waits,
 * too, where there is no room.
 */
final class Repeats {

    private final Pools pools;
    private final Function<String, Optional<UpstreamSettings>> settings;
    private final List<RequestListener> listeners;
    private final LongSupplier nanos;

    /**
     * @param settings how requests go to backends, by pool
     */
    Repeats(
            Pools pools,
            Function<String, Optional<UpstreamSettings>> settings,
            List<RequestListener> listeners,
            LongSupplier nanos) {
        this.pools = pools;
        this.settings = settings;
        this.listeners = List.copyOf(listeners);
        this.nanos = nanos;
    }

    /** After a failure. */
    Retry after(Reason why, ServerWebExchange exchange, ProxiedRequest request) {
        Optional<Retry> retry = retries(request).map(each -> each.after(why, setback(exchange, request)));
        return told(retry.orElse(Retry.NONE), request);
    }

    private static Optional<Retries> retries(ProxiedRequest request) {
        return request.lease().map(lease -> lease.pool().retries());
    }

    private Setback setback(ServerWebExchange exchange, ProxiedRequest request) {
        Duration most = settings.apply(request.pool())
                .map(UpstreamSettings::requestTimeout)
                .orElse(Duration.ZERO);
        long rest = most.isZero() ? Long.MAX_VALUE : most.toNanos() - request.elapsedNanos(nanos.getAsLong());
        ExchangeView view = new ExchangeView(exchange.getRequest(), request);
        return new Setback(view, request.tried(), request.replayable(), rest);
    }

    private Retry told(Retry retry, ProxiedRequest request) {
        if (!retry.granted() && retry.result() != Retry.Result.NONE) {
            tell(retry.result(), request);
        }
        return retry;
    }

    /** It has gone to another backend. */
    void sent(ProxiedRequest request) {
        tell(Retry.Result.SENT, request);
    }

    private void tell(Retry.Result result, ProxiedRequest request) {
        listeners.forEach(listener -> listener.retried(request.pool(), result));
    }

    /** Waits in the line of a pool in which no backend has room, and holds one when it is this request's turn. */
    Mono<Lease> room(ServerWebExchange exchange, ProxiedRequest request) {
        Pool pool = pools.find(request.pool()).orElseThrow();
        UpstreamSettings upstream = settings.apply(request.pool()).orElseThrow();
        return Room.in(
                        pool.line(),
                        new ExchangeView(exchange.getRequest(), request),
                        upstream,
                        eventLoop(exchange),
                        request::hold)
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
    Optional<Lease> beside(ServerWebExchange exchange, ProxiedRequest request) {
        Setback setback = setback(exchange, request);
        Optional<Lease> first = request.lease().filter(lease -> !lease.ended());
        if (first.isEmpty() || !first.get().pool().retries().mayHedge(setback)) {
            return Optional.empty();
        }
        Pick pick =
                first.get().pool().acquire(setback.request(), request.tried().backends());
        if (!(pick instanceof Lease second)) {
            return Optional.empty();
        }
        request.tried().add(second);
        tell(Retry.Result.HEDGED, request);
        return Optional.of(second);
    }

    /** Passes the answer of a backend on, unless the pool would rather have one of another backend, and there is one. */
    Mono<Void> settle(ServerWebExchange exchange, HeldAnswer answer) {
        ProxiedRequest request = ProxiedRequest.of(exchange).orElseThrow();
        Lease lease = request.lease().orElseThrow();
        Retries retries = lease.pool().retries();
        request.headArrived(answer.status(), answer::drop);
        Retry retry = retries.concerns(answer.status())
                ? told(retries.after(answer.retryAfter(), setback(exchange, request)), request)
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
        if (before.pool().acquire(view, request.tried().backends()) instanceof Lease next) {
            answer.drop();
            before.complete();
            request.hold(next);
            return Mono.error(new TakenElsewhere(next));
        }
        return Mono.empty();
    }
}
