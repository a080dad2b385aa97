package io.velo.wire;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.velo.http.PathChoice;
import io.velo.http.PlainPath;
import io.velo.http.RequestLine;
import io.velo.http.RequestRules;
import io.velo.http.RequestTarget;
import io.velo.http.Underscores;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges the heads of requests, and rewrites them so that both lanes find them in one and the same form. */
final class RequestHeads {

    /** The request may go on. */
    static final int ACCEPTED = 0;

    /** The request is for Velo itself. */
    static final int OWN = 200;

    private static final int BAD_REQUEST = 400;
    private static final int EXPECTATION_FAILED = 417;
    private static final int TOO_MANY_FIELDS = 431;

    private RequestHeads() {}

    /**
     * {@link #ACCEPTED}, or the status to answer with.
     *
     * @param scheme of the connection
     * @param rules what clients may do
     */
    static int judge(HttpRequest request, String scheme, ClientRules rules) {
        HttpHeaders fields = request.headers();
        if (!isAcceptable(request, scheme)) {
            return BAD_REQUEST;
        }
        if (fields.size() > rules.maxFields()) {
            return TOO_MANY_FIELDS;
        }
        if (!isPlain(request, scheme, rules)) {
            return BAD_REQUEST;
        }
        if (fields.contains(HttpHeaderNames.EXPECT) && !expectsToGoOn(request)) {
            return EXPECTATION_FAILED;
        }
        return request.method().equals(HttpMethod.OPTIONS) ? judgeOptions(request, scheme) : ACCEPTED;
    }

    @SuppressWarnings("ReferenceEquality") // of the two versions there is one object each; "http/1.1" makes another
    private static boolean isAcceptable(HttpRequest request, String scheme) {
        HttpVersion version = request.protocolVersion();
        boolean old = version == HttpVersion.HTTP_1_0;
        RequestLine line = new RequestLine(request.method().name(), request.uri(), scheme, old);
        return (old || version == HttpVersion.HTTP_1_1)
                && hasOneLengthAtMost(request.headers())
                && RequestRules.acceptable(
                        line,
                        values(request.headers(), HttpHeaderNames.HOST),
                        values(request.headers(), HttpHeaderNames.TRANSFER_ENCODING));
    }

    /** Whether nothing of it is what these rules refuse. */
    private static boolean isPlain(HttpRequest request, String scheme, ClientRules rules) {
        boolean path =
                switch (rules.paths()) {
                    case AS_IS -> true;
                    case REJECT -> PlainPath.is(originForm(request, scheme));
                    case NORMALIZE -> PlainPath.is(PlainPath.of(originForm(request, scheme)));
                };
        return path
                && (rules.underscores() != Underscores.REJECT
                        || underscored(request.headers()).isEmpty());
    }

    private static List<String> underscored(HttpHeaders fields) {
        return fields.names().stream().filter(name -> name.indexOf('_') >= 0).toList();
    }

    /** At little cost for fields that aren't there, or once, as mostly. */
    private static List<String> values(HttpHeaders fields, CharSequence name) {
        Iterator<? extends CharSequence> values = fields.valueCharSequenceIterator(name);
        if (!values.hasNext()) {
            return List.of();
        }
        CharSequence first = values.next();
        return values.hasNext() ? fields.getAll(name) : List.of(first.toString());
    }

    /** The decoder lets several pass by HTTP/1.0. */
    private static boolean hasOneLengthAtMost(HttpHeaders fields) {
        List<String> lengths = values(fields, HttpHeaderNames.CONTENT_LENGTH);
        return lengths.isEmpty() || (lengths.size() == 1 && isNumber(lengths.get(0)));
    }

    /** Nobody can expect anything by HTTP/1.0. */
    private static boolean expectsToGoOn(HttpRequest request) {
        List<String> expectations = request.headers().getAll(HttpHeaderNames.EXPECT);
        return isOld(request)
                || (expectations.size() == 1 && HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expectations.get(0)));
    }

    private static int judgeOptions(HttpRequest request, String scheme) {
        List<String> hops = request.headers().getAll(HttpHeaderNames.MAX_FORWARDS);
        if (hops.size() > 1 || (hops.size() == 1 && !isNumber(hops.get(0)))) {
            return BAD_REQUEST;
        }
        boolean last = hops.size() == 1 && hopsLeft(hops.get(0)) == 0;
        return last || originForm(request, scheme).equals("*") ? OWN : ACCEPTED;
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** No more than fit; nobody is further away. */
    private static int hopsLeft(String digits) {
        return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }

    /** The form in which lanes get an accepted request. */
    static HttpRequest normalized(HttpRequest request, String scheme, ClientRules rules) {
        HttpHeaders fields = request.headers();
        if (rules.underscores() == Underscores.DROP) {
            underscored(fields).forEach(fields::remove);
        }
        String target = rules.paths() == PathChoice.NORMALIZE
                ? PlainPath.of(originForm(request, scheme))
                : originForm(request, scheme);
        if (!target.equals(request.uri())) {
            if (!fields.contains(HttpHeaderNames.HOST)) {
                fields.set(HttpHeaderNames.HOST, RequestTarget.authority(request.uri(), scheme));
            }
            request.setUri(target);
        }
        OneHop.strip(fields, isWebSocket(request));
        String length = fields.get(HttpHeaderNames.CONTENT_LENGTH);
        if (length != null && length.startsWith("0") && length.length() > 1) {
            fields.set(HttpHeaderNames.CONTENT_LENGTH, Long.parseLong(length));
        }
        if (fields.contains(HttpHeaderNames.EXPECT) && (isOld(request) || !hasContent(fields, length))) {
            fields.remove(HttpHeaderNames.EXPECT);
        }
        if (fields.contains(HttpHeaderNames.MAX_FORWARDS) && request.method().equals(HttpMethod.OPTIONS)) {
            fields.set(HttpHeaderNames.MAX_FORWARDS, hopsLeft(fields.get(HttpHeaderNames.MAX_FORWARDS)) - 1);
        }
        return readable(request);
    }

    private static String originForm(HttpRequest request, String scheme) {
        String target = request.uri();
        return target.startsWith("/") || target.equals("*")
                ? target
                : RequestTarget.originForm(target, scheme, request.method().equals(HttpMethod.OPTIONS));
    }

    private static boolean isWebSocket(HttpRequest request) {
        HttpHeaders fields = request.headers();
        return HttpHeaderValues.WEBSOCKET.contentEqualsIgnoreCase(fields.get(HttpHeaderNames.UPGRADE))
                && request.method().equals(HttpMethod.GET)
                && !isOld(request)
                && !hasContent(fields, fields.get(HttpHeaderNames.CONTENT_LENGTH));
    }

    private static boolean hasContent(HttpHeaders fields, @Nullable String length) {
        return (length != null && !length.equals("0")) || fields.contains(HttpHeaderNames.TRANSFER_ENCODING);
    }

    private static boolean isOld(HttpRequest request) {
        return request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }

    private static HttpRequest readable(HttpRequest request) {
        String target = request.uri();
        String readable = RequestTarget.readable(target);
        if (readable.equals(target)) {
            return request;
        }
        return new DefaultHttpRequest(
                request.protocolVersion(), request.method(), readable, new RawTargetHeaders(target, request.headers()));
    }
}
