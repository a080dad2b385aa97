package io.velo.dashboard;

import java.util.Optional;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

/** Answers for the page. All that it may load is its own, and nobody may frame it. */
final class DashboardAnswers {

    /** No inline script or style, no eval, no other origin; and scripts put no markup together from text. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'";

    private static final String RETRY_SECONDS = "5";

    private final Assets assets;
    private final Streams streams;
    private final DashboardRoutes.Setting setting;

    DashboardAnswers(Assets assets, Streams streams, DashboardRoutes.Setting setting) {
        this.assets = assets;
        this.streams = streams;
        this.setting = setting;
    }

    /** A file, or 304 for who has it. */
    Mono<ServerResponse> asset(ServerRequest request, String name) {
        Optional<Asset> found = assets.find(name);
        if (found.isEmpty()) {
            return ServerResponse.notFound().headers(DashboardAnswers::guard).build();
        }
        Asset asset = found.get();
        return request.checkNotModified(asset.tag()).switchIfEmpty(Mono.defer(() -> ServerResponse.ok()
                .headers(DashboardAnswers::guard)
                .contentType(asset.type())
                .cacheControl(CacheControl.noCache()) // asked for again each time, sent only if it has changed
                .eTag(asset.tag())
                .bodyValue(asset.content())));
    }

    private static void guard(HttpHeaders headers) {
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
    }

    /** The stream: one event {@code setting}, then an event {@code news} whenever there are some. */
    Mono<ServerResponse> stream(ServerRequest request) {
        return streams.open()
                .map(news -> ServerResponse.ok()
                        .headers(DashboardAnswers::guard)
                        .contentType(MediaType.TEXT_EVENT_STREAM)
                        .cacheControl(CacheControl.noStore())
                        .header("X-Accel-Buffering", "no") // a proxy in between mustn't hold it back
                        .body(events(news).doOnError(behind -> cut(request)), ServerSentEvent.class))
                .orElseGet(DashboardAnswers::tooMany);
    }

    private Flux<ServerSentEvent<?>> events(Flux<Viewer.News> news) {
        Flux<ServerSentEvent<?>> each =
                news.map(one -> ServerSentEvent.builder(one).event("news").build());
        return each.startWith(ServerSentEvent.builder(setting).event("setting").build());
    }

    /** The connection's own queue is full and stays so; nothing else would end it. */
    private static void cut(ServerRequest request) {
        ServerHttpResponse response = request.exchange().getResponse();
        if (ServerHttpResponseDecorator.getNativeResponse(response) instanceof HttpServerResponse http) {
            http.withConnection(Connection::dispose);
        }
    }

    private static Mono<ServerResponse> tooMany() {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, "There are " + Streams.MOST + " open pages already.");
        return ServerResponse.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .bodyValue(problem);
    }
}
