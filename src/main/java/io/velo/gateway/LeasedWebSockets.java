package io.velo.gateway;

import io.velo.backend.Backend;
import io.velo.backend.MembershipListener;
import io.velo.wire.FailureReasons;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Holds a lease for as long as its WebSocket session lasts. To the filter chain a session is over with its handshake,
 * because Reactor Netty runs it on the side; so the session itself has to tell when it ends.
 */
final class LeasedWebSockets implements BeanPostProcessor, MembershipListener {

    private final Map<Backend, Set<WebSocketSession>> sessions = new ConcurrentHashMap<>();

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        return bean instanceof WebSocketService service ? new Leased(service, sessions) : bean;
    }

    @Override
    public void overdue(Backend backend) {
        sessions.getOrDefault(backend, Set.of())
                .forEach(session -> session.close(CloseStatus.GOING_AWAY).subscribe());
    }

    @Override
    public void gone(Backend backend) {
        sessions.remove(backend);
    }

    private record Leased(WebSocketService service, Map<Backend, Set<WebSocketSession>> sessions)
            implements WebSocketService {

        @Override
        public Mono<Void> handleRequest(ServerWebExchange exchange, WebSocketHandler handler) {
            Optional<ProxiedRequest> leased = ProxiedRequest.of(exchange)
                    .filter(request -> request.lease().isPresent());
            leased.ifPresent(request -> AffinityCookies.bind(exchange, request));
            return service.handleRequest(
                    exchange,
                    leased.<WebSocketHandler>map(request -> new Session(request, handler, sessions))
                            .orElse(handler));
        }
    }

    private record Session(
            ProxiedRequest request, WebSocketHandler handler, Map<Backend, Set<WebSocketSession>> sessions)
            implements WebSocketHandler {

        @Override
        public List<String> getSubProtocols() {
            return handler.getSubProtocols();
        }

        @Override
        public Mono<Void> handle(WebSocketSession session) {
            Backend backend = request.lease().orElseThrow().backend();
            Set<WebSocketSession> all = sessions.computeIfAbsent(backend, first -> ConcurrentHashMap.newKeySet());
            all.add(session);
            request.sessionStarted();
            return handler.handle(session)
                    .doOnError(failure -> request.sessionFailed(FailureReasons.of(failure)))
                    .doFinally(signal -> {
                        all.remove(session);
                        request.sessionEnded();
                    });
        }
    }
}
