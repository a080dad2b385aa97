package io.velo.gateway;

import io.velo.gateway.routes.OtherHandlers;
import java.util.List;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.cloud.gateway.handler.RoutePredicateHandlerMapping;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.reactive.DispatchExceptionHandler;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.HandlerAdapter;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/**
 * Stands in for WebFlux' dispatcher: asks the gateway's routes at once if a path can't be anybody else's, in place of all
 * mappings in turn. What else comes takes WebFlux' own way.
 */
final class GatewayDispatcher extends DispatcherHandler {

    private static final Object NOBODY = new Object();

    private final SingletonSupplier<Shortcut> shortcut;

    GatewayDispatcher(ApplicationContext context) {
        super(context);
        this.shortcut = SingletonSupplier.of(() -> shortcut(context));
    }

    private Shortcut shortcut(ApplicationContext context) {
        List<HandlerMapping> mappings = getHandlerMappings() == null ? List.of() : getHandlerMappings();
        RoutePredicateHandlerMapping routes = context.getBean(RoutePredicateHandlerMapping.class);
        return new Shortcut(
                routes,
                new OtherHandlers(mappings.subList(0, mappings.indexOf(routes))),
                sorted(context, HandlerAdapter.class).stream()
                        .filter(DispatchExceptionHandler.class::isInstance)
                        .map(DispatchExceptionHandler.class::cast)
                        .toList(),
                sorted(context, HandlerResultHandler.class));
    }

    private static <T> List<T> sorted(ApplicationContext context, Class<T> type) {
        return BeanFactoryUtils.beansOfTypeIncludingAncestors(context, type, true, false).values().stream()
                .sorted(AnnotationAwareOrderComparator.INSTANCE)
                .toList();
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        Shortcut known = shortcut.obtain();
        if (CorsUtils.isPreFlightRequest(exchange.getRequest()) || known.others.mayServe(exchange.getRequest())) {
            return super.handle(exchange);
        }
        return known.routes
                .getHandler(exchange)
                .defaultIfEmpty(NOBODY)
                .flatMap(handler -> handle(exchange, handler))
                .onErrorResume(failure -> known.handle(exchange, failure));
    }

    private Mono<Void> handle(ServerWebExchange exchange, Object handler) {
        return handler instanceof WebHandler route ? route.handle(exchange) : super.handle(exchange);
    }

    /**
     * What the way past the mappings needs.
     *
     * @param advices which may make an answer out of a failure
     */
    private record Shortcut(
            RoutePredicateHandlerMapping routes,
            OtherHandlers others,
            List<DispatchExceptionHandler> advices,
            List<HandlerResultHandler> results) {

        /** As WebFlux does it. */
        Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
            Mono<HandlerResult> handled = Mono.error(failure);
            for (DispatchExceptionHandler advice : advices) {
                handled = handled.onErrorResume(cause -> advice.handleError(exchange, cause));
            }
            return handled.flatMap(result -> write(exchange, result));
        }

        private Mono<Void> write(ServerWebExchange exchange, HandlerResult result) {
            return results.stream()
                    .filter(handler -> handler.supports(result))
                    .findFirst()
                    .map(handler -> handler.handleResult(exchange, result))
                    .orElseGet(() -> Mono.error(
                            new IllegalStateException("No HandlerResultHandler for " + result.getReturnValue())));
        }
    }
}
