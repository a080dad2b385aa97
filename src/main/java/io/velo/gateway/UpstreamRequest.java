package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.PRESERVE_HOST_HEADER_ATTRIBUTE;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.velo.wire.AnswerGuard;
import io.velo.wire.ClientGuards;
import io.velo.wire.RawTargetHeaders;
import java.net.URI;
import java.util.Objects;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A request as it goes to the backend: the client's own, apart from what the filters and the rules for proxies change. */
final class UpstreamRequest {

    private final ServerWebExchange exchange;
    private final HttpHeaders headers;

    UpstreamRequest(ServerWebExchange exchange, HttpHeaders headers) {
        this.exchange = exchange;
        this.headers = headers;
    }

    /** Where to: the backend with the client's target, byte for byte unless a filter has changed it. */
    String uri() {
        URI url = exchange.getRequiredAttribute(GATEWAY_REQUEST_URL_ATTR);
        String target = url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
        return url.getScheme() + "://" + url.getRawAuthority() + asSent(target);
    }

    private String asSent(String target) {
        HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        if (request.requestHeaders() instanceof RawTargetHeaders raw && target.equals(request.uri())) {
            return raw.target();
        }
        return target;
    }

    /**
     * Writes head and body.
     *
     * @param sent run when both are on their way
     */
    Publisher<Void> write(HttpClientRequest upstream, NettyOutbound outbound, Runnable sent) {
        outbound.withConnection(connection -> AnswerGuard.onInterim(connection.channel(), this::passInterimOn));
        io.netty.handler.codec.http.HttpHeaders fields = upstream.requestHeaders();
        fields.remove(HttpHeaderNames.ACCEPT); // the HTTP client's own
        fields.remove(HttpHeaderNames.USER_AGENT);
        headers.forEach((name, values) -> {
            if (!HttpHeaders.HOST.equalsIgnoreCase(name)) {
                fields.set(name, values);
            }
        });
        fields.remove(HttpHeaderNames.EXPECT); // Velo says itself when it takes the body
        if (exchange.getAttributeOrDefault(PRESERVE_HOST_HEADER_ATTRIBUTE, false)) {
            fields.set(HttpHeaderNames.HOST, host());
        }
        return body(fields, outbound, sent);
    }

    private void passInterimOn(HttpResponse head) {
        HttpServerResponse client = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
        client.withConnection(connection -> ClientGuards.interim(connection.channel(), head));
    }

    private String host() {
        return Objects.requireNonNullElse(exchange.getRequest().getHeaders().getFirst(HttpHeaders.HOST), "");
    }

    private Publisher<Void> body(
            io.netty.handler.codec.http.HttpHeaders fields, NettyOutbound outbound, Runnable sent) {
        ServerHttpRequest request = exchange.getRequest();
        boolean chunked = request.getHeaders().getFirst(HttpHeaders.TRANSFER_ENCODING) != null;
        long length = headers.getContentLength();
        if (chunked) {
            fields.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        } else {
            fields.remove(HttpHeaderNames.TRANSFER_ENCODING); // the HTTP client's own guess for a POST
        }
        if (!chunked && length <= 0) {
            sent.run();
            return outbound; // by which Reactor Netty knows that the head is all, and writes it at once
        }
        ProxiedRequest.of(exchange).ifPresent(proxied -> proxied.body().streams());
        Flux<ByteBuf> body =
                request.getBody().map(NettyDataBufferFactory::toByteBuf).onErrorMap(ClientGone::new);
        // not send(): that gathers the whole body of a GET in memory
        return outbound.sendObject(body).then().doOnSuccess(done -> sent.run());
    }
}
