package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REACTOR_CONTEXT_ATTR;

import org.reactivestreams.Subscription;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** What the predicate of a route says: mostly at once, or else later. */
final class Verdict implements CoreSubscriber<Boolean> {

    private final ServerWebExchange exchange;
    private final Sinks.One<Boolean> later = Sinks.one();
    private volatile boolean known;
    private volatile boolean holds;

    Verdict(ServerWebExchange exchange) {
        this.exchange = exchange;
    }

    boolean isKnown() {
        return known;
    }

    boolean holds() {
        return holds;
    }

    Mono<Boolean> later() {
        return later.asMono();
    }

    @Override
    public Context currentContext() {
        ContextView context = exchange.getAttribute(GATEWAY_REACTOR_CONTEXT_ATTR);
        return context == null ? Context.empty() : Context.of(context);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Boolean verdict) {
        if (!known) {
            holds = verdict;
            known = true;
            later.tryEmitValue(verdict);
        }
    }

    @Override
    public void onError(Throwable failure) {
        later.tryEmitError(failure);
    }

    @Override
    public void onComplete() {
        onNext(false);
    }
}
