package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR;

import io.netty.buffer.Unpooled;
import io.velo.backend.Reason;
import io.velo.pool.Lease;
import org.reactivestreams.Publisher;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.cloud.gateway.filter.headers.TrailerHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientResponse;

/**
 * Passes the body of the backend's answer on, each read at once. Stands before the gateway's own write filter, which
 * doesn't tell a backend that breaks off from a client that leaves, and waits for a silent backend for ever.
 */
final class WriteFilter implements GlobalFilter, Ordered {

    private final BackendClients clients;
    private final HeaderFilters headerFilters;

    WriteFilter(BackendClients clients, HeaderFilters headerFilters) {
        this.clients = clients;
        this.headerFilters = headerFilters;
    }

    @Override
    public int getOrder() {
        return NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER + 1;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return chain.filter(exchange).then(Mono.defer(() -> write(exchange)));
    }

    private Mono<Void> write(ServerWebExchange exchange) {
        ProxiedRequest request = ProxiedRequest.of(exchange).orElseThrow();
        Connection connection = exchange.getAttribute(CLIENT_RESPONSE_CONN_ATTR);
        Lease lease = request.lease().filter(Lease::answered).orElse(null);
        if (connection == null || lease == null) {
            return Mono.empty(); // some other filter has answered or will
        }
        exchange.getAttributes().remove(CLIENT_RESPONSE_CONN_ATTR); // the gateway's write filter would start over
        request.answer().bodyDue();
        if (connection instanceof AnswerConnection direct) {
            return write(exchange, direct.call(), request);
        }
        Flux<DataBuffer> body = body(exchange, connection, lease).doOnComplete(request.answer()::bodyComplete);
        return write(exchange, body, request, true);
    }

    private Mono<Void> write(
            ServerWebExchange exchange, Publisher<DataBuffer> body, ProxiedRequest request, boolean trailers) {
        boolean call = GrpcCalls.is(exchange);
        if (call && GrpcCalls.endsWithHead(answer(exchange))) {
            return Flux.from(body)
                    .doOnNext(DataBufferUtils::release)
                    .then(Mono.defer(exchange.getResponse()::setComplete));
        }
        Mono<Void> written = exchange.getResponse().writeWith(body);
        return call || trailers
                ? written.then(trailers(exchange)
                                .doOnSuccess(known -> GrpcCalls.ended(exchange, request, answer(exchange), known)))
                        .then()
                : written;
    }

    private Mono<Void> write(ServerWebExchange exchange, BackendCall call, ProxiedRequest request) {
        boolean noTrailers = call.answer().endedWithoutTrailers() && !headerFilters.changeTrailers();
        return write(exchange, body(exchange, call, request), request, !noTrailers);
    }

    /**
     * An answer that is there as a whole goes out in one piece, which spares Reactor Netty the streaming. By HTTP/1.0 it would
     * close the connection then.
     */
    private static Publisher<DataBuffer> body(ServerWebExchange exchange, BackendCall call, ProxiedRequest request) {
        NettyDataBufferFactory buffers =
                (NettyDataBufferFactory) exchange.getResponse().bufferFactory();
        if (call.body().inOnePiece()
                && call.answer().endedWithoutTrailers()
                && exchange.getResponse().getHeaders().getContentLength() > 0
                && !ForwardedHeaders.isHttp10(exchange.getRequest())) {
            return Mono.fromSupplier(() -> {
                request.answer().bodyComplete();
                return call.body().takeWhole().map(buffers::wrap).orElse(null);
            });
        }
        Flux<DataBuffer> parts =
                call.body().<DataBuffer>map(buffers::wrap).doOnComplete(request.answer()::bodyComplete);
        boolean headFirst = call.body().isToCome() && isEventStream(exchange);
        return headFirst ? parts.startWith(buffers.wrap(Unpooled.EMPTY_BUFFER)) : parts;
    }

    /** Whose client wants to know at once that it is there; otherwise the head goes out with the first part of the body. */
    private static boolean isEventStream(ServerWebExchange exchange) {
        return MediaType.TEXT_EVENT_STREAM.isCompatibleWith(
                exchange.getResponse().getHeaders().getContentType());
    }

    private Mono<HttpHeaders> trailers(ServerWebExchange exchange) {
        if (exchange.getResponse() instanceof GrpcWebResponse translated) {
            return translated.trailers();
        }
        return TrailerHeadersFilter.filter(headerFilters.all(), exchange, answer(exchange));
    }

    private static HttpClientResponse answer(ServerWebExchange exchange) {
        return exchange.getRequiredAttribute(CLIENT_RESPONSE_ATTR);
    }

    private Flux<DataBuffer> body(ServerWebExchange exchange, Connection connection, Lease lease) {
        NettyDataBufferFactory buffers =
                (NettyDataBufferFactory) exchange.getResponse().bufferFactory();
        return new BodyIdle<>(
                        connection.inbound().receive().retain(),
                        clients.of(lease.backend()).settings().bodyIdle(),
                        connection.channel().eventLoop())
                .onErrorMap(failure -> new FailedRequestException(Reason.HTTP_RESPONSE_INCOMPLETE, failure))
                .map(buffers::wrap);
    }
}
