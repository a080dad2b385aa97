package io.velo.gateway;

import io.velo.wire.h2.Tunnel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.WebSocketHandlerAdapter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Sends clients that ask by HTTP/2 for a WebSocket of the application's own, or for one that the gateway's own filter passes on,
 * to HTTP/1.1: both need a connection to switch.
 */
final class Http11WebSockets implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof WebSocketService service) {
            return new Http11Alone(service);
        }
        boolean plain = bean.getClass().equals(WebSocketHandlerAdapter.class); // somebody else's may do more
        return plain ? copyOf((WebSocketHandlerAdapter) bean) : bean;
    }

    private static WebSocketHandlerAdapter copyOf(WebSocketHandlerAdapter adapter) {
        WebSocketHandlerAdapter copy = new WebSocketHandlerAdapter(new Http11Alone(adapter.getWebSocketService()));
        copy.setOrder(adapter.getOrder());
        return copy;
    }

    private record Http11Alone(WebSocketService service) implements WebSocketService {

        @Override
        public Mono<Void> handleRequest(ServerWebExchange exchange, WebSocketHandler handler) {
            Optional<Tunnel> tunnel = tunnel(exchange.getResponse());
            if (tunnel.isEmpty()) {
                return service.handleRequest(exchange, handler);
            }
            tunnel.get().leaveToHttp11();
            exchange.getResponse().setStatusCode(HttpStatus.HTTP_VERSION_NOT_SUPPORTED);
            return exchange.getResponse().setComplete();
        }

        private static Optional<Tunnel> tunnel(ServerHttpResponse response) {
            HttpServerResponse client = ServerHttpResponseDecorator.getNativeResponse(response);
            AtomicReference<Optional<Tunnel>> found = new AtomicReference<>(Optional.empty());
            client.withConnection(connection -> found.set(Tunnel.of(connection.channel())));
            return found.get();
        }
    }
}
