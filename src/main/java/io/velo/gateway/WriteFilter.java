package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR;

import io.velo.backend.Reason;
import io.velo.pool.Lease;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.TrailerHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/**
 * Passes the body of the backend's answer on, each read at once. Stands before the gateway's own write filter, which
 * doesn't tell a backend that breaks off from a client that leaves, and waits for a silent backend for ever.
 */
final class WriteFilter implements GlobalFilter, Ordered {

    private final BackendClients clients;
    private final Supplier<List<HttpHeadersFilter>> headersFilters;

    WriteFilter(BackendClients clients, Supplier<List<HttpHeadersFilter>> headersFilters) {
        this.clients = clients;
        this.headersFilters = headersFilters;
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
        request.bodyDue();
        return exchange.getResponse()
                .writeWith(body(exchange, connection, lease).doOnComplete(request::bodyComplete))
                .then(TrailerHeadersFilter.filter(
                        headersFilters.get(), exchange, exchange.getAttribute(CLIENT_RESPONSE_ATTR)))
                .then();
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
