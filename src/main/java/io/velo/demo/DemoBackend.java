package io.velo.demo;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Answers each request with its name, unless it is told to be slow, to fail, or to be down. */
final class DemoBackend {

    private final Settings settings;
    private final DoubleSupplier random;
    private volatile boolean healthy = true;

    /**
     * @param random gives numbers from 0 to 1
     */
    DemoBackend(Settings settings, DoubleSupplier random) {
        this.settings = settings;
        this.random = random;
    }

    /** The server, not yet listening. */
    HttpServer server() {
        return HttpServer.create().host(settings.host()).port(settings.port()).handle(this::answer);
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        if (uri.path().equals("/health")) {
            return health(uri, response);
        }
        if (random.getAsDouble() < settings.failRate()) {
            return text(response.status(500), "failed on purpose");
        }
        Mono<Void> answer = Mono.defer(() -> Mono.from(text(response, settings.name())));
        return settings.delay().isZero() ? answer : answer.delaySubscription(settings.delay());
    }

    private Publisher<Void> health(QueryStringDecoder uri, HttpServerResponse response) {
        List<String> set = uri.parameters().getOrDefault("set", List.of());
        if (set.contains("down") || set.contains("up")) {
            healthy = set.contains("up");
        }
        boolean told = !set.isEmpty();
        return text(response.status(healthy || told ? 200 : 503), healthy ? "up" : "down");
    }

    private static Publisher<Void> text(HttpServerResponse response, String text) {
        String line = text + "\n";
        return response.header(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .header(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(line.length()))
                .sendString(Mono.just(line));
    }

    /**
     * What a demo backend is like.
     *
     * @param host address on which it listens
     * @param port where it listens, 0 for any
     * @param name what it answers
     * @param delay how long it takes
     * @param failRate part of the requests that it answers with 500, 0 to 1
     */
    record Settings(String host, int port, String name, Duration delay, double failRate) {

        /** Answers at once and never fails. */
        static Settings of(String host, int port, String name) {
            return new Settings(host, port, name, Duration.ZERO, 0);
        }
    }
}
