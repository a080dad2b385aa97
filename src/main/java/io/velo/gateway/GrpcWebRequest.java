package io.velo.gateway;

import io.velo.grpc.Base64Parts;
import io.velo.grpc.GrpcWeb;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A call of grpc-web as a call of gRPC. */
final class GrpcWebRequest extends ServerHttpRequestDecorator {

    private final HttpHeaders fields = new HttpHeaders();
    private final boolean text;

    GrpcWebRequest(ServerHttpRequest request, String contentType) {
        super(request);
        text = GrpcWeb.isText(contentType);
        fields.addAll(request.getHeaders());
        fields.set(HttpHeaders.CONTENT_TYPE, GrpcWeb.toGrpc(contentType));
        fields.set(HttpHeaders.TE, "trailers");
        fields.remove("x-grpc-web");
        if (text) { // what is decoded has another length
            fields.remove(HttpHeaders.CONTENT_LENGTH);
            fields.set(HttpHeaders.TRANSFER_ENCODING, "chunked");
        }
    }

    @Override
    public HttpHeaders getHeaders() {
        return fields;
    }

    @Override
    public Flux<DataBuffer> getBody() {
        return text ? Flux.defer(this::decoded) : getDelegate().getBody();
    }

    private Flux<DataBuffer> decoded() {
        Base64Parts parts = new Base64Parts();
        return getDelegate()
                .getBody()
                .map(part -> decoded(parts, part))
                .concatWith(Mono.defer(() -> parts.whole()
                        ? Mono.empty()
                        : Mono.error(new IllegalArgumentException("the body ends inside a group of base64"))));
    }

    private static DataBuffer decoded(Base64Parts parts, DataBuffer part) {
        byte[] bytes = new byte[part.readableByteCount()];
        part.read(bytes);
        DataBufferUtils.release(part);
        return DefaultDataBufferFactory.sharedInstance.wrap(parts.decode(bytes));
    }
}
