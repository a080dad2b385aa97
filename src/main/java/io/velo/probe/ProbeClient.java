package io.velo.probe;

import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.velo.backend.BackendSpec;
import io.velo.backend.ProbeResult;
import io.velo.backend.Reason;
import io.velo.backend.TimeInWords;
import io.velo.proxyprotocol.ProxyHeaderWriter;
import io.velo.proxyprotocol.ProxyProtocol;
import io.velo.tls.BackendTls;
import io.velo.wire.FailureReasons;
import java.net.ConnectException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/** Sends one probe on a connection of its own, so that it sees what a new client would see. Follows no redirect. */
final class ProbeClient {

    private final HttpClient http;
    private final LoopResources loops;
    private final BackendTls tls;
    private final GrpcProbe grpc;
    private final LongSupplier nanos;
    private final InstantSource clock;
    private final Scheduler timers;

    ProbeClient(LoopResources loops, BackendTls tls, LongSupplier nanos, InstantSource clock, Scheduler timers) {
        this.http = HttpClient.create(ConnectionProvider.newConnection())
                .runOn(loops)
                .disableRetry(true)
                .keepAlive(false)
                .followRedirect(false)
                .headers(headers -> headers.set(HttpHeaderNames.USER_AGENT, "velo-probe"));
        this.loops = loops;
        this.tls = tls;
        this.grpc = new GrpcProbe(loops, tls);
        this.nanos = nanos;
        this.clock = clock;
        this.timers = timers;
    }

    /** The verdict, within the timeout and never as an error. */
    Mono<ProbeResult> probe(BackendSpec backend, ProbeSettings settings) {
        return Mono.defer(() -> {
            long start = nanos.getAsLong();
            return ask(backend, settings)
                    .timeout(settings.timeout(), timers)
                    .map(finding -> answered(finding, start))
                    .onErrorResume(Exception.class, failure -> Mono.just(missed(told(failure, settings), start)));
        });
    }

    private Mono<Finding> ask(BackendSpec backend, ProbeSettings settings) {
        return settings.grpcService()
                .map(service -> grpc.ask(url(backend, settings), backend, settings, service))
                .orElseGet(() -> status(backend, settings)
                        .map(status -> new Finding(
                                settings.expect().contains(status), OptionalInt.of(status), "status " + status)));
    }

    /** By what requests speak, unless it goes to a port of its own. */
    private Mono<Integer> status(BackendSpec backend, ProbeSettings settings) {
        boolean byHttp2 =
                settings.port() == 0 && (backend.secure() ? settings.tls().offersHttp2() : !backend.http11());
        return byHttp2
                ? Mono.using(
                        () -> ConnectionProvider.create("velo-probe", 1),
                        connections -> status(http2(connections, backend, settings), backend, settings),
                        ConnectionProvider::dispose)
                : status(client(backend, settings), backend, settings);
    }

    private Mono<Integer> status(HttpClient client, BackendSpec backend, ProbeSettings settings) {
        return client.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        settings.timeout().toMillis())
                .headers(headers -> {
                    if (!settings.host().isEmpty()) {
                        headers.set(HttpHeaderNames.HOST, settings.host());
                    }
                })
                .request(HttpMethod.valueOf(settings.method()))
                .uri(url(backend, settings) + settings.path())
                .responseSingle((response, body) -> Mono.just(response.status().code()));
    }

    private HttpClient client(BackendSpec backend, ProbeSettings settings) {
        HttpClient announced = announced(http, settings);
        return backend.secure()
                ? announced.secure(spec ->
                        spec.sslContext(tls.context(settings.tls().offering())).handshakeTimeout(settings.timeout()))
                : announced;
    }

    /** Says that a connection is Velo's own where backends want to know; not on a port that is for probes. */
    static HttpClient announced(HttpClient client, ProbeSettings settings) {
        return settings.proxyProtocol() == ProxyProtocol.NONE || settings.port() != 0
                ? client
                : client.doOnChannelInit((observer, channel, remote) ->
                        channel.pipeline().addFirst(ProxyHeaderWriter.own(settings.proxyProtocol())));
    }

    /** A backend that is let choose is let choose here, too. */
    private HttpClient http2(ConnectionProvider connections, BackendSpec backend, ProbeSettings settings) {
        HttpClient client = announced(HttpClient.create(connections), settings)
                .runOn(loops)
                .disableRetry(true)
                .followRedirect(false)
                .headers(headers -> headers.set(HttpHeaderNames.USER_AGENT, "velo-probe"));
        if (!backend.secure()) {
            return client.protocol(HttpProtocol.H2C);
        }
        return (settings.tls().offersHttp11()
                        ? client.protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
                        : client.protocol(HttpProtocol.H2))
                .secure(spec -> spec.sslContext(tls.context(settings.tls())).handshakeTimeout(settings.timeout()));
    }

    private static String url(BackendSpec backend, ProbeSettings settings) {
        String scheme = backend.secure() ? "https" : "http";
        int port = settings.port() == 0 ? backend.uri().getPort() : settings.port();
        return scheme + "://" + backend.uri().getHost() + (port < 0 ? "" : ":" + port);
    }

    private ProbeResult answered(Finding finding, long start) {
        return new ProbeResult(finding.passed(), finding.status(), finding.detail(), since(start), clock.instant());
    }

    private ProbeResult missed(String detail, long start) {
        return new ProbeResult(false, OptionalInt.empty(), detail, since(start), clock.instant());
    }

    private Duration since(long start) {
        return Duration.ofNanos(nanos.getAsLong() - start);
    }

    private static String told(Throwable failure, ProbeSettings settings) {
        if (failure instanceof TimeoutException || failure instanceof ConnectTimeoutException) {
            return "no answer in " + TimeInWords.of(settings.timeout());
        }
        if (failure instanceof ConnectException) {
            return "connection refused";
        }
        if (FailureReasons.of(failure) == Reason.TLS_CERTIFICATE_ERROR) {
            return "certificate not accepted";
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
