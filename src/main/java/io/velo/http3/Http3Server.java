package io.velo.http3;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.quic.Quic;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The server for HTTP/3. Starts behind the one for TCP. When it stops, requests that are being served have some time to come to
 * their end, and others are sent back to TCP.
 */
final class Http3Server implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger("io.velo");

    /** A little less than Spring gives each phase. */
    private static final Duration MOST_STOPPING = Duration.ofSeconds(25);

    private final Supplier<HttpServer> configured;
    private final BiFunction<HttpServerRequest, HttpServerResponse, Mono<Void>> handler;
    private final IntSupplier tcpPort;
    private final int port;
    private final AltSvc altSvc;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Sinks.Empty<Void> idle = Sinks.empty();
    private volatile @Nullable DisposableServer server;
    private volatile boolean stopping;

    /**
     * @param configured all but its port; asked only where QUIC is to be had
     * @param tcpPort of the server beside it, asked when this one starts
     * @param port its own; 0 for the same number
     */
    Http3Server(
            Supplier<HttpServer> configured,
            BiFunction<HttpServerRequest, HttpServerResponse, Mono<Void>> handler,
            IntSupplier tcpPort,
            int port,
            AltSvc altSvc) {
        this.configured = configured;
        this.handler = handler;
        this.tcpPort = tcpPort;
        this.port = port;
        this.altSvc = altSvc;
    }

    @Override
    public int getPhase() {
        return WebServerApplicationContext
                .GRACEFUL_SHUTDOWN_PHASE; // behind the start of the other one, and with its end
    }

    @Override
    public void start() {
        if (!Quic.isAvailable()) {
            log.warn("lb.http3.enabled: going on without HTTP/3, which isn't to be had here: {}", whyNot());
            return;
        }
        int tcp = tcpPort.getAsInt();
        DisposableServer bound = configured
                .get()
                .port(port == 0 ? tcp : port)
                .handle(this::serve)
                .bindNow();
        server = bound;
        altSvc.at(bound.port(), tcp);
        log.info("HTTP/3 on UDP port {}", bound.port());
    }

    private static String whyNot() {
        Throwable cause = Quic.unavailabilityCause();
        return cause == null ? "" : String.valueOf(NestedExceptionUtils.getMostSpecificCause(cause));
    }

    private Publisher<Void> serve(HttpServerRequest request, HttpServerResponse response) {
        if (stopping) {
            altSvc.tell(response.responseHeaders());
            return response.status(503).header("Retry-After", "0").send();
        }
        if (request.requestHeaders().contains(HttpHeaderNames.UPGRADE)) {
            return response.status(400).send(); // malformed, by RFC 9114 section 4.2
        }
        inFlight.incrementAndGet();
        return Mono.defer(() -> handler.apply(request, response)).doFinally(end -> ended());
    }

    private void ended() {
        if (inFlight.decrementAndGet() == 0 && stopping) {
            idle.tryEmitEmpty();
        }
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable done) {
        DisposableServer running = server;
        if (running == null) {
            done.run();
            return;
        }
        server = null;
        altSvc.gone();
        stopping = true;
        if (inFlight.get() == 0) {
            idle.tryEmitEmpty();
        }
        idle.asMono()
                .timeout(MOST_STOPPING, Mono.empty())
                .then(Mono.fromRunnable(running::dispose))
                .then(running.onDispose())
                .doFinally(end -> done.run())
                .subscribe();
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }
}
