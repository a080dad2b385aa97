package io.velo.wire.h2;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.velo.grpc.GrpcCall;

/** The head of a request of HTTP/1.1 as the one of a stream (RFC 9113 section 8.3.1). */
final class StreamRequest {

    static final AsciiString HTTP = AsciiString.cached("http");
    static final AsciiString HTTPS = AsciiString.cached("https");

    private StreamRequest() {}

    static Http2Headers fields(HttpRequest head, AsciiString scheme) {
        HttpHeaders from = head.headers();
        Http2Headers fields = StreamFields.of(from);
        fields.remove(HttpHeaderNames.HOST);
        fields.method(head.method().asciiName()).scheme(scheme).path(head.uri());
        String authority = from.get(HttpHeaderNames.HOST, "");
        if (!authority.isEmpty()) {
            fields.authority(authority);
        }
        if (GrpcCall.is(from.get(HttpHeaderNames.CONTENT_TYPE, ""))) {
            fields.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS); // which its servers ask for
        } else {
            fields.remove(HttpHeaderNames.TE);
        }
        return fields;
    }
}
