package io.velo.gateway;

import static org.springframework.cloud.gateway.support.GatewayToStringStyler.filterToStringCreator;

import io.velo.grpc.GrpcWeb;
import java.util.Objects;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The filter {@code GrpcWeb} of a route: makes calls of gRPC out of calls of grpc-web, and lets everything else be. */
final class GrpcWebGatewayFilterFactory extends AbstractGatewayFilterFactory<Object> {

    /** Before the answer is written, so that it can be another one. */
    private static final int ORDER = NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 1;

    @Override
    public String name() {
        return "GrpcWeb";
    }

    @Override
    public GatewayFilter apply(Object config) {
        return new OrderedGatewayFilter(new Translation(), ORDER);
    }

    private static final class Translation implements GatewayFilter {

        @Override
        public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
            String contentType = exchange.getRequest().getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
            String type = Objects.requireNonNullElse(contentType, "");
            if (!GrpcWeb.is(type)) {
                return chain.filter(exchange);
            }
            return chain.filter(exchange.mutate()
                    .request(new GrpcWebRequest(exchange.getRequest(), type))
                    .response(new GrpcWebResponse(exchange, type))
                    .build());
        }

        @Override
        public String toString() {
            return filterToStringCreator(this).toString();
        }
    }
}
