package io.velo.gateway;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.headers.GRPCResponseHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.TrailerHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.observation.ObservedRequestHttpHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.observation.ObservedResponseHttpHeadersFilter;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.support.Netty4HeadersAdapter;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The application's filters of header fields, in their order. Each of the gateway's own copies the whole head; here those that
 * Velo knows are edits of one copy, and only the others are called. The gateway's own for the answers of gRPC makes trailers out
 * of a head, which {@link WriteFilter} doesn't need: it is left out.
 */
final class HeaderFilters {

    private static final String PLAIN_REQUEST = "org.springframework.http.server.reactive.ReactorServerHttpRequest";

    private final Supplier<Steps> steps;

    /**
     * @param filters asked when the first request comes, because collecting the beans needs all of them
     * @param observed whether anybody wants the observations that some of the gateway's filters make
     */
    HeaderFilters(Supplier<List<HttpHeadersFilter>> filters, boolean observed) {
        this.steps = SingletonSupplier.of(() -> Steps.of(filters.get().stream()
                .filter(filter -> filter.getClass() != GRPCResponseHeadersFilter.class)
                .filter(filter -> observed || !observes(filter))
                .toList()));
    }

    private static boolean observes(HttpHeadersFilter filter) {
        return filter.getClass() == ObservedRequestHttpHeadersFilter.class
                || filter.getClass() == ObservedResponseHttpHeadersFilter.class;
    }

    /** All of them, for who has to call them one by one. */
    List<HttpHeadersFilter> all() {
        return steps.get().all;
    }

    /** Whether one of them changes trailers. */
    boolean changeTrailers() {
        return steps.get().trailers;
    }

    /** The fields of a request as they go to the backend, {@code Host} apart. */
    HttpHeaders request(ServerWebExchange exchange) {
        return apply(steps.get().request, copyOf(exchange.getRequest()), exchange);
    }

    /** The fields of a backend's answer as they go to the client. */
    HttpHeaders response(ServerWebExchange exchange, HttpHeaders answer) {
        return apply(steps.get().response, new DefaultHttpHeaders().add(answer), exchange);
    }

    private static HttpHeaders apply(List<HeaderStep> steps, HttpHeaders copy, ServerWebExchange exchange) {
        HttpHeaders fields = copy;
        for (HeaderStep step : steps) {
            fields = step.apply(fields, exchange);
        }
        return fields;
    }

    /** The fields of a request as it is by now, not to be changed: they may be its own. */
    static HttpHeaders fieldsOf(ServerHttpRequest request) {
        HttpHeaders own = ownOf(request);
        return own == null ? copyOf(request) : own;
    }

    /** A copy of them, of the default kind, which checks what filters put in. */
    static HttpHeaders copyOf(ServerHttpRequest request) {
        HttpHeaders own = ownOf(request);
        HttpHeaders copy = new DefaultHttpHeaders();
        if (own == null) {
            request.getHeaders().forEach(copy::add);
        } else {
            copy.add(own);
        }
        return copy;
    }

    /** Its own as Netty has them; none if a filter has put in others. */
    private static @Nullable HttpHeaders ownOf(ServerHttpRequest request) {
        if (request.getClass().getName().equals(PLAIN_REQUEST)) {
            HttpServerRequest plain = ServerHttpRequestDecorator.getNativeRequest(request);
            return plain.requestHeaders();
        }
        return request instanceof IdentifiedRequest identified ? identified.fields() : null;
    }

    /** Calls a filter that isn't known. */
    @SuppressWarnings("ReferenceEquality") // the very same object is what spares the copy
    static HttpHeaders call(HttpHeadersFilter filter, HttpHeaders fields, ServerWebExchange exchange) {
        org.springframework.http.HttpHeaders input =
                new org.springframework.http.HttpHeaders(new Netty4HeadersAdapter(fields));
        org.springframework.http.HttpHeaders output = filter.filter(input, exchange);
        if (output == input) {
            return fields;
        }
        HttpHeaders copy = new DefaultHttpHeaders();
        output.forEach(copy::add);
        return copy;
    }

    private record Steps(
            List<HttpHeadersFilter> all, List<HeaderStep> request, List<HeaderStep> response, boolean trailers) {

        static Steps of(List<HttpHeadersFilter> filters) {
            return new Steps(
                    List.copyOf(filters),
                    steps(filters, HttpHeadersFilter.Type.REQUEST),
                    steps(filters, HttpHeadersFilter.Type.RESPONSE),
                    filters.stream().anyMatch(TrailerHeadersFilter.class::isInstance));
        }

        private static List<HeaderStep> steps(List<HttpHeadersFilter> filters, HttpHeadersFilter.Type type) {
            return filters.stream()
                    .filter(filter -> filter.supports(type))
                    .map(filter -> step(filter, type))
                    .toList();
        }

        private static HeaderStep step(HttpHeadersFilter filter, HttpHeadersFilter.Type type) {
            Optional<HeaderStep> known = KnownHeaderFilters.stepFor(filter, type);
            return known.orElse((fields, exchange) -> call(filter, fields, exchange));
        }
    }
}
