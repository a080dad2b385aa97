package io.velo.admin;

import io.velo.http.ForwardedFor;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Shows what is inside of Velo to readers alone, who are known by their addresses, and to operators, who have the token. */
final class ReadersFilter implements WebFilter {

    private static final ServerResponse.Context WRITING = new Writing(HandlerStrategies.withDefaults());

    private final Predicate<PathContainer> inside;
    private final Readers readers;
    private final AdminToken token;
    private final AdminAnswers answers;

    ReadersFilter(Predicate<PathContainer> inside, Readers readers, AdminToken token, AdminAnswers answers) {
        this.inside = inside;
        this.readers = readers;
        this.token = token;
        this.answers = answers;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        boolean shown = !inside.test(request.getPath().pathWithinApplication())
                || readers.include(request)
                || token.shownBy(
                        Objects.requireNonNullElse(request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION), ""));
        return shown ? chain.filter(exchange) : refuse(exchange);
    }

    private Mono<Void> refuse(ServerWebExchange exchange) {
        HttpStatus status = token.configured() ? HttpStatus.UNAUTHORIZED : HttpStatus.FORBIDDEN;
        Refusal refusal = new Refusal(status, "this is for lb.admin.readers, and for who shows the bearer token");
        return answers.problem(refusal, this::challenge).flatMap(answer -> answer.writeTo(exchange, WRITING));
    }

    private void challenge(HttpHeaders headers) {
        if (token.configured()) {
            headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"velo\"");
        }
    }

    /**
     * Who may read.
     *
     * @param networks whether an address is one of theirs
     * @param trusted whether an address belongs to a proxy that may say who its client is
     */
    record Readers(Predicate<String> networks, Predicate<String> trusted) {

        /** Whether this request comes from one of them; if it comes by a trusted proxy, its client has to be. */
        boolean include(ServerHttpRequest request) {
            InetSocketAddress peer = request.getRemoteAddress();
            if (peer == null || peer.getAddress() == null) {
                return false;
            }
            List<String> told = request.getHeaders().getOrEmpty("X-Forwarded-For");
            String address = peer.getAddress().getHostAddress();
            return networks.test(ForwardedFor.of(address, told, trusted).client());
        }
    }

    /** What an answer is written by. */
    private record Writing(HandlerStrategies strategies) implements ServerResponse.Context {

        @Override
        public List<HttpMessageWriter<?>> messageWriters() {
            return strategies.messageWriters();
        }

        @Override
        public List<ViewResolver> viewResolvers() {
            return strategies.viewResolvers();
        }
    }
}
