package io.velo.gateway;

import io.netty.handler.codec.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.support.Netty4HeadersAdapter;

/** A request with the fields that say who sent it. */
final class IdentifiedRequest extends ServerHttpRequestDecorator {

    private final HttpHeaders fields;
    private final org.springframework.http.HttpHeaders seen;

    /** @param fields all of them; must not change any more */
    IdentifiedRequest(ServerHttpRequest request, HttpHeaders fields) {
        super(request);
        this.fields = fields;
        this.seen = org.springframework.http.HttpHeaders.readOnlyHttpHeaders(
                new org.springframework.http.HttpHeaders(new Netty4HeadersAdapter(fields)));
    }

    /** The same as Netty has them; not to be changed. */
    HttpHeaders fields() {
        return fields;
    }

    @Override
    public org.springframework.http.HttpHeaders getHeaders() {
        return seen;
    }
}
