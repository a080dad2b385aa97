package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR;

import io.velo.grpc.GrpcWeb;
import java.util.Base64;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClientResponse;

/** The answer to a call of grpc-web, made of the answer to a call of gRPC: its trailers become part of the body. */
final class GrpcWebResponse extends ServerHttpResponseDecorator {

    private final ServerWebExchange exchange;
    private final String contentType;

    /**
     * @param exchange as the client has begun it
     * @param contentType the client's
     */
    GrpcWebResponse(ServerWebExchange exchange, String contentType) {
        super(exchange.getResponse());
        this.exchange = exchange;
        this.contentType = contentType;
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
        HttpClientResponse answer = exchange.getAttribute(CLIENT_RESPONSE_ATTR);
        if (answer == null || !GrpcCalls.isAnswer(answer)) {
            return super.writeWith(body); // none of a gRPC server
        }
        tellType();
        Flux<DataBuffer> whole = Flux.<DataBuffer>from(body).concatWith(Mono.defer(() -> lastFrame(answer)));
        return super.writeWith(GrpcWeb.isText(contentType) ? whole.map(this::encoded) : whole);
    }

    @Override
    public Mono<Void> setComplete() {
        HttpClientResponse answer = exchange.getAttribute(CLIENT_RESPONSE_ATTR);
        if (answer != null && GrpcCalls.isAnswer(answer)) {
            tellType();
        }
        return super.setComplete();
    }

    private void tellType() {
        getHeaders().set(HttpHeaders.CONTENT_TYPE, GrpcWeb.answerTo(contentType));
        getHeaders().remove(HttpHeaders.CONTENT_LENGTH);
    }

    /** The trailers of the backend, which have become part of the body and are for no client any more. */
    Mono<HttpHeaders> trailers() {
        HttpClientResponse answer = exchange.getRequiredAttribute(CLIENT_RESPONSE_ATTR);
        return answer.trailerHeaders().map(fields -> {
            HttpHeaders copy = new HttpHeaders();
            fields.forEach(field -> copy.add(field.getKey(), field.getValue()));
            return copy;
        });
    }

    private Mono<DataBuffer> lastFrame(HttpClientResponse answer) {
        return answer.trailerHeaders().map(fields -> bufferFactory().wrap(GrpcWeb.trailers(fields.entries())));
    }

    private DataBuffer encoded(DataBuffer part) {
        byte[] bytes = new byte[part.readableByteCount()];
        part.read(bytes);
        DataBufferUtils.release(part);
        return bufferFactory().wrap(Base64.getEncoder().encode(bytes));
    }
}
