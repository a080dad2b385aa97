package io.velo.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.headers.GRPCRequestHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.RemoveForwardedHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.RemoveHopByHopHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.RemoveXForwardedHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.TransferEncodingNormalizationHeadersFilter;

/** What the gateway's own filters of header fields do, as edits in place with the same result. Subclasses aren't known. */
final class KnownHeaderFilters {

    /** For everybody on the way; to name them makes no sense. */
    private static final List<AsciiString> END_TO_END =
            List.of(HttpHeaderNames.HOST, HttpHeaderNames.CONTENT_LENGTH, HttpHeaderNames.TRANSFER_ENCODING);

    private static final AsciiString FORWARDED = AsciiString.cached("forwarded");
    private static final AsciiString X_FORWARDED = AsciiString.cached("x-forwarded-");
    private static final AsciiString GRPC = AsciiString.cached("application/grpc");

    private KnownHeaderFilters() {}

    /** The edit that does what a filter does; none if Velo doesn't know the filter. */
    static Optional<HeaderStep> stepFor(HttpHeadersFilter filter, HttpHeadersFilter.Type type) {
        Class<?> known = filter.getClass();
        if (filter instanceof ForwardedHeaders own) {
            return Optional.of(own::tell);
        }
        if (filter instanceof TraceFields own) {
            return Optional.of(own::tell);
        }
        if (known == RemoveForwardedHeadersFilter.class) {
            return Optional.of((fields, exchange) -> fields.remove(FORWARDED));
        }
        if (known == RemoveXForwardedHeadersFilter.class) {
            return Optional.of((fields, exchange) -> without(fields, KnownHeaderFilters::isXForwarded));
        }
        if (known == TransferEncodingNormalizationHeadersFilter.class) {
            return Optional.of((fields, exchange) -> withoutLengthIfChunked(fields));
        }
        if (known == GRPCRequestHeadersFilter.class && type == HttpHeadersFilter.Type.REQUEST) {
            return Optional.of((fields, exchange) -> withTrailersForGrpc(fields));
        }
        if (known == RemoveHopByHopHeadersFilter.class) {
            Set<String> names = Set.copyOf(((RemoveHopByHopHeadersFilter) filter).getHeaders());
            return Optional.of((fields, exchange) -> withoutHopByHop(fields, names));
        }
        return Optional.empty();
    }

    private static boolean isXForwarded(CharSequence name) {
        return AsciiString.regionMatches(name, true, 0, X_FORWARDED, 0, X_FORWARDED.length());
    }

    private static HttpHeaders without(HttpHeaders fields, Predicate<CharSequence> unwanted) {
        List<CharSequence> found = new ArrayList<>(0);
        fields.iteratorCharSequence().forEachRemaining(field -> {
            if (unwanted.test(field.getKey())) {
                found.add(field.getKey());
            }
        });
        found.forEach(fields::remove);
        return fields;
    }

    private static HttpHeaders withoutLengthIfChunked(HttpHeaders fields) {
        String coding = fields.get(HttpHeaderNames.TRANSFER_ENCODING);
        return coding != null && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding.trim())
                ? fields.remove(HttpHeaderNames.CONTENT_LENGTH)
                : fields;
    }

    private static HttpHeaders withTrailersForGrpc(HttpHeaders fields) {
        return isGrpc(fields.get(HttpHeaderNames.CONTENT_TYPE))
                ? fields.add(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS)
                : fields;
    }

    private static boolean isGrpc(@Nullable String contentType) {
        return contentType != null && AsciiString.regionMatches(contentType, true, 0, GRPC, 0, GRPC.length());
    }

    private static HttpHeaders withoutHopByHop(HttpHeaders fields, Set<String> names) {
        for (String options : fields.getAll(HttpHeaderNames.CONNECTION)) {
            withoutNamed(fields, options);
        }
        for (String name : names) {
            fields.remove(name);
        }
        return fields;
    }

    /** The guards on both sides have left little of it; a filter may have added more. */
    private static void withoutNamed(HttpHeaders fields, String options) {
        for (String option : options.split(",", -1)) {
            String name = option.strip();
            if (!name.isEmpty() && END_TO_END.stream().noneMatch(each -> each.contentEqualsIgnoreCase(name))) {
                fields.remove(name);
            }
        }
    }
}
