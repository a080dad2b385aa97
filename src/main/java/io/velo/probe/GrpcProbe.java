package io.velo.probe;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.velo.backend.BackendSpec;
import io.velo.grpc.GrpcCall;
import io.velo.grpc.GrpcStatus;
import io.velo.grpc.HealthCheck;
import io.velo.grpc.HealthCheck.Serving;
import io.velo.tls.BackendTls;
import io.velo.tls.BackendTlsSettings;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * Asks a backend by {@code grpc.health.v1} whether it serves: by HTTP/2, in clear text or by TLS as the backend's URL has it and the
 * pool says, and on a connection of its own.
 */
final class GrpcProbe {

    private static final int LONGEST_ANSWER = 4096;

    private final LoopResources loops;
    private final BackendTls tls;

    GrpcProbe(LoopResources loops, BackendTls tls) {
        this.loops = loops;
        this.tls = tls;
    }

    /**
     * Asks once.
     *
     * @param url scheme, host and port
     * @param service that is asked for, empty for the whole server
     */
    Mono<Finding> ask(String url, BackendSpec backend, ProbeSettings settings, String service) {
        return Mono.using(
                () -> ConnectionProvider.create("velo-probe", 1),
                connections -> client(connections, backend, settings)
                        .post()
                        .uri(url + HealthCheck.PATH)
                        .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(HealthCheck.request(service))))
                        .response(GrpcProbe::finding)
                        .single(),
                ConnectionProvider::dispose);
    }

    private HttpClient client(ConnectionProvider connections, BackendSpec backend, ProbeSettings settings) {
        int most = (int) settings.timeout().toMillis();
        HttpClient client =
                ProbeClient.announced(HttpClient.create(connections), settings).runOn(loops);
        HttpClient speaking = backend.secure()
                ? client.protocol(HttpProtocol.H2).secure(spec -> spec.sslContext(
                                tls.context(settings.tls().offering(BackendTlsSettings.HTTP_2)))
                        .handshakeTimeout(settings.timeout()))
                : client.protocol(HttpProtocol.H2C);
        return speaking.disableRetry(true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, most)
                .headers(fields -> {
                    fields.set(HttpHeaderNames.USER_AGENT, "velo-probe")
                            .set(HttpHeaderNames.CONTENT_TYPE, GrpcCall.CONTENT_TYPE)
                            .set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS)
                            .set(GrpcCall.TIMEOUT, most + "m");
                    if (!settings.host().isEmpty()) {
                        fields.set(HttpHeaderNames.HOST, settings.host());
                    }
                });
    }

    private static Mono<Finding> finding(HttpClientResponse head, ByteBufFlux body) {
        if (head.status().code() != 200) {
            return Mono.just(miss(head, "status " + head.status().code()));
        }
        return body.asByteArray().reduce(new byte[0], GrpcProbe::joined).flatMap(message -> head.trailerHeaders()
                .defaultIfEmpty(EmptyHttpHeaders.INSTANCE)
                .map(trailers -> finding(head, message, trailers)));
    }

    private static byte[] joined(byte[] before, byte[] part) {
        if (before.length + part.length > LONGEST_ANSWER) {
            throw new IllegalArgumentException("the answer is too long");
        }
        byte[] all = Arrays.copyOf(before, before.length + part.length);
        System.arraycopy(part, 0, all, before.length, part.length);
        return all;
    }

    private static Finding finding(HttpClientResponse head, byte[] message, HttpHeaders trailers) {
        HttpHeaders said = head.responseHeaders().contains(GrpcStatus.FIELD) ? head.responseHeaders() : trailers;
        GrpcStatus status = GrpcStatus.parse(said.get(GrpcStatus.FIELD, ""));
        if (status != GrpcStatus.OK) {
            return miss(head, "grpc-status " + status.code() + " " + word(status));
        }
        Serving serving = HealthCheck.answer(message);
        return serving == Serving.SERVING
                ? new Finding(true, OptionalInt.of(head.status().code()), word(serving))
                : miss(head, word(serving));
    }

    private static Finding miss(HttpClientResponse head, String detail) {
        return new Finding(false, OptionalInt.of(head.status().code()), detail);
    }

    private static String word(Enum<?> status) {
        return status.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
