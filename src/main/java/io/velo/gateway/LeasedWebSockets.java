package io.velo.gateway;

import io.velo.wire.FailureReasons;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Holds a lease for as long as its WebSocket session lasts. To the filter chain a session is over with its handshake,
 * because Reactor Netty runs it on the side; so the session itself has to tell when it ends.
 */
final class LeasedWebSockets implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        return bean instanceof WebSocketService service ? new Leased(service) : bean;
    }

    private record Leased(WebSocketService service) implements WebSocketService {

        @Override
        public Mono<Void> handleRequest(ServerWebExchange exchange, WebSocketHandler handler) {
            Optional<ProxiedRequest> leased = ProxiedRequest.of(exchange)
                    .filter(request -> request.lease().isPresent());
            return service.handleRequest(
                    exchange,
                    leased.<WebSocketHandler>map(request -> new Session(request, handler))
                            .orElse(handler));
        }
    }

    private record Session(ProxiedRequest request, WebSocketHandler handler) implements WebSocketHandler {

        @Override
        public List<String> getSubProtocols() {
            return handler.getSubProtocols();
        }

        @Override
        public Mono<Void> handle(WebSocketSession session) {
            request.sessionStarted();
            return handler.handle(session)
                    .doOnError(failure -> request.sessionFailed(FailureReasons.of(failure)))
                    .doFinally(signal -> request.sessionEnded());
        }
    }
}
