package io.velo.tls;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.SmartLifecycle;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** A port for clear text that sends everybody on to TLS: a GET or HEAD with 301, whatever else with 308, which keeps the method. */
final class HttpsRedirect implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(HttpsRedirect.class);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration GOODBYE = Duration.ofSeconds(3);
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:\\d{1,5})?");
    private static final int HTTPS = 443;
    private static final int MOVED = 301;
    private static final int MOVED_AS_IT_IS = 308;
    private static final int BAD_REQUEST = 400;

    private final String address;
    private final int port;
    private final IntSupplier httpsPort;
    private final UnaryOperator<HttpServer> proxyHeaders;
    private final LoopResources loops;
    private volatile @Nullable DisposableServer server;

    /**
     * @param address to listen at
     * @param port to listen at, 0 for any that is free
     * @param httpsPort where clients are sent
     * @param proxyHeaders has a server take off what proxies say of connections
     */
    HttpsRedirect(
            String address,
            int port,
            IntSupplier httpsPort,
            UnaryOperator<HttpServer> proxyHeaders,
            LoopResources loops) {
        this.address = address;
        this.port = port;
        this.httpsPort = httpsPort;
        this.proxyHeaders = proxyHeaders;
        this.loops = loops;
    }

    @Override
    public void start() {
        try {
            DisposableServer bound = proxyHeaders
                    .apply(HttpServer.create())
                    .host(address)
                    .port(port)
                    .runOn(loops)
                    .idleTimeout(PATIENCE)
                    .requestTimeout(PATIENCE)
                    .handle(this::answer)
                    .bindNow(PATIENCE);
            server = bound;
            log.info("sending clear text on to TLS from {}:{}", address, bound.port());
        } catch (ChannelBindException e) {
            throw new PortInUseException(port, e);
        }
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        String host = request.requestHeaders().get(HttpHeaderNames.HOST, "");
        String target = request.uri();
        response.keepAlive(false); // whoever comes again is to come to the other port
        if (!HOST.matcher(host).matches() || !target.startsWith("/")) {
            return response.status(BAD_REQUEST).send();
        }
        boolean read = HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
        return response.status(read ? MOVED : MOVED_AS_IT_IS)
                .header(HttpHeaderNames.LOCATION, "https://" + authority(host) + target)
                .header(HttpHeaderNames.CONTENT_LENGTH, "0")
                .send();
    }

    private String authority(String host) {
        String name = host.replaceFirst(":\\d+$", "");
        int to = httpsPort.getAsInt();
        return to == HTTPS ? name : name + ":" + to;
    }

    /** Where it listens. */
    int port() {
        DisposableServer bound = server;
        return bound == null ? port : bound.port();
    }

    @Override
    public void stop() {
        DisposableServer bound = server;
        server = null;
        if (bound != null) {
            bound.disposeNow(GOODBYE);
        }
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }
}
