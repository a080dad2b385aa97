package io.velo.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.support.WebSocketHandlerAdapter;

class Http11WebSocketsTest {

    private final Http11WebSockets processor = new Http11WebSockets();

    @Test
    void standsBeforeServicesAndBeforeThoseOfAdapters() {
        WebSocketService service = new HandshakeWebSocketService();
        WebSocketHandlerAdapter adapter = new WebSocketHandlerAdapter(service);
        adapter.setOrder(7);

        assertThat(processor.postProcessAfterInitialization(service, "a")).isNotSameAs(service);
        assertThat(processor.postProcessAfterInitialization(adapter, "b"))
                .isInstanceOfSatisfying(WebSocketHandlerAdapter.class, made -> {
                    assertThat(made.getWebSocketService()).isNotSameAs(service);
                    assertThat(made.getOrder()).isEqualTo(7);
                });
    }

    @Test
    void leavesOthersAlone() {
        WebSocketHandlerAdapter own = new WebSocketHandlerAdapter() {};

        assertThat(processor.postProcessAfterInitialization(own, "own")).isSameAs(own);
        assertThat(processor.postProcessAfterInitialization("text", "text")).isEqualTo("text");
    }
}
