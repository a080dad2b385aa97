package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsciiString;
import io.velo.http.ForwardedFor;
import io.velo.http.TraceParent;
import io.velo.proxyprotocol.ClientAddress;
import io.velo.route.RequestRecord.Asked;
import io.velo.route.RequestTracer.Arrival;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who asks on a connection, and for what: reads requests as they came, before anybody changes them. */
final class Asker {

    private static final AsciiString TRACE_PARENT = AsciiString.cached("traceparent");

    /** What Netty's decoder says in place of a request line that it can't read. */
    private static final String UNREADABLE = "/bad-request";

    private final Records records;
    private final Channel channel;
    private @Nullable String peer;
    private boolean trusted;

    Asker(Records records, Channel channel) {
        this.records = records;
        this.channel = channel;
    }

    /** Known only with the first request, if a proxy says who it is. */
    private String peer() {
        String known = peer;
        if (known == null) {
            known = ClientAddress.textOf(Http2.connection(channel));
            peer = known;
            trusted = records.trusted().test(known);
        }
        return known;
    }

    Asked asked(HttpRequest request) {
        if (request.decoderResult().isFailure() && request.uri().equals(UNREADABLE)) {
            return nothing();
        }
        HttpHeaders fields = request.headers();
        return new Asked(
                records.clock().instant(),
                client(fields),
                request.method().name(),
                request.uri(),
                channel instanceof Http2StreamChannel
                        ? "HTTP/2"
                        : request.protocolVersion().text(),
                fields.get(HttpHeaderNames.REFERER, ""),
                fields.get(HttpHeaderNames.USER_AGENT, ""),
                traceId(fields));
    }

    /** For who follows it. What nobody can read has no fields. */
    Arrival arrival(HttpHeaders fields) {
        return new Arrival(
                name -> value(fields, name),
                peer(),
                Http2.connection(channel).pipeline().get(SslHandler.class) != null);
    }

    private static Optional<String> value(HttpHeaders fields, String name) {
        String first = fields.get(name);
        if (first == null) {
            return Optional.empty();
        }
        List<String> all = fields.getAll(name);
        if (all.size() == 1) {
            return Optional.of(first);
        }
        return TRACE_PARENT.contentEqualsIgnoreCase(name) ? Optional.empty() : Optional.of(String.join(",", all));
    }

    /** It asked for something, and nobody can say what. */
    Asked nothing() {
        return new Asked(records.clock().instant(), peer(), "", "", "", "", "", "");
    }

    private String client(HttpHeaders fields) {
        String address = peer();
        return trusted
                ? ForwardedFor.of(address, UpstreamHead.forwardedFor(fields), records.trusted())
                        .client()
                : address;
    }

    /** More than one such field is as good as none. */
    private static String traceId(HttpHeaders fields) {
        return value(fields, "traceparent").map(TraceParent::traceId).orElse("");
    }
}
