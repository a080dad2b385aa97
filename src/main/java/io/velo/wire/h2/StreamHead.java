package io.velo.wire.h2;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;

/**
 * The head of an HTTP/2 request as one of HTTP/1.1 (RFC 9113 section 8.3): that is what guards, lanes and routes know. A
 * malformed one is marked as undecodable.
 */
final class StreamHead {

    private static final CharSequence PROTOCOL = Http2Headers.PseudoHeaderName.PROTOCOL.value();
    private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");
    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final List<AsciiString> OF_ONE_CONNECTION = List.of(
            HttpHeaderNames.CONNECTION,
            KEEP_ALIVE,
            PROXY_CONNECTION,
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.UPGRADE);

    private StreamHead() {}

    /**
     * Makes one of the other.
     *
     * @param alone whether there is no content
     * @param maxTarget the longest target, in characters
     */
    static HttpRequest request(Http2Headers from, boolean alone, int maxTarget) {
        CharSequence method = from.method();
        CharSequence target = from.path();
        boolean webSocket = asksForWebSocket(from);
        if (method == null || method.length() == 0 || isMalformed(from) || (webSocket && isNoTunnel(from, alone))) {
            return undecodable(new IllegalArgumentException("malformed"));
        }
        if (target == null) { // so says CONNECT
            target = from.authority() == null ? "/" : from.authority();
        }
        if (target.length() > maxTarget) {
            return undecodable(new TooLongHttpLineException("target of " + target.length()));
        }
        if (!isOneWord(target) || !hasOneHost(from)) {
            return undecodable(new IllegalArgumentException("two words, or two hosts"));
        }
        try {
            HttpHeaders fields = fields(from, alone || webSocket);
            if (webSocket) {
                upgrade(fields);
            }
            HttpMethod asked = webSocket ? HttpMethod.GET : HttpMethod.valueOf(method.toString());
            return new DefaultHttpRequest(HttpVersion.HTTP_1_1, asked, target.toString(), fields);
        } catch (
                IllegalArgumentException
                        notInHttp11) { // a method or a name that is no token, an authority with a space
            return undecodable(notInHttp11);
        }
    }

    /** Whether a tunnel is to be made for a WebSocket (RFC 8441 section 5). */
    static boolean asksForWebSocket(Http2Headers head) {
        CharSequence protocol = head.get(PROTOCOL);
        return protocol != null && HttpHeaderValues.WEBSOCKET.contentEqualsIgnoreCase(protocol);
    }

    /** It would be over before it began, or have a length. */
    private static boolean isNoTunnel(Http2Headers from, boolean alone) {
        return alone || from.contains(HttpHeaderNames.CONTENT_LENGTH);
    }

    private static void upgrade(HttpHeaders fields) {
        fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    }

    static HttpRequest undecodable(Throwable why) {
        HttpRequest request =
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/bad-request", new DefaultHttpHeaders());
        request.setDecoderResult(DecoderResult.failure(why));
        return request;
    }

    private static boolean isMalformed(Http2Headers from) {
        return !hasItsPseudoFields(from)
                || OF_ONE_CONNECTION.stream().anyMatch(from::contains)
                || saysMoreThanTrailers(from)
                || !areValuesClean(from);
    }

    /** A CONNECT has neither scheme nor path unless it asks for a protocol; nothing else asks for one. */
    private static boolean hasItsPseudoFields(Http2Headers from) {
        boolean connects = HttpMethod.CONNECT.asciiName().contentEquals(from.method());
        boolean asks = from.contains(PROTOCOL);
        CharSequence target = from.path();
        return connects
                ? !asks || (from.scheme() != null && target != null && target.length() > 0 && from.authority() != null)
                : !asks && from.scheme() != null && target != null && target.length() > 0;
    }

    private static boolean isOneWord(CharSequence target) {
        for (int i = 0; i < target.length(); i++) {
            if (target.charAt(i) <= ' ' || target.charAt(i) == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static boolean saysMoreThanTrailers(Http2Headers from) {
        CharSequence te = from.get(HttpHeaderNames.TE);
        return te != null && !HttpHeaderValues.TRAILERS.contentEqualsIgnoreCase(te);
    }

    /** RFC 9113 section 8.2.1, and what the rules for HTTP/1.1 refuse besides. */
    private static boolean areValuesClean(Http2Headers from) {
        for (Map.Entry<CharSequence, CharSequence> field : from) {
            if (!isClean(field.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isClean(CharSequence value) {
        int last = value.length() - 1;
        if (last >= 0 && (isSpace(value.charAt(0)) || isSpace(value.charAt(last)))) {
            return false;
        }
        for (int i = 0; i <= last; i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    /** Two names of the host may be the same. */
    private static boolean hasOneHost(Http2Headers from) {
        CharSequence authority = from.authority();
        List<CharSequence> hosts = from.getAll(HttpHeaderNames.HOST);
        return authority == null
                || hosts.isEmpty()
                || (hosts.size() == 1 && AsciiString.contentEqualsIgnoreCase(authority, hosts.get(0)));
    }

    private static HttpHeaders fields(Http2Headers from, boolean alone) {
        HttpHeaders fields = new DefaultHttpHeaders();
        CharSequence authority = from.authority();
        if (authority != null) {
            fields.set(HttpHeaderNames.HOST, authority.toString());
        }
        StringBuilder cookies = null;
        for (Map.Entry<CharSequence, CharSequence> field : from) {
            CharSequence name = field.getKey();
            if (HttpHeaderNames.COOKIE.contentEquals(name)) {
                cookies = cookies == null ? new StringBuilder() : cookies.append("; ");
                cookies.append(field.getValue()); // crumbs of one line, for the sake of compression
            } else if (name.charAt(0) != ':' && !(authority != null && HttpHeaderNames.HOST.contentEquals(name))) {
                fields.add(name, field.getValue().toString());
            }
        }
        if (cookies != null) {
            fields.set(HttpHeaderNames.COOKIE, cookies.toString());
        }
        if (!alone && !fields.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            fields.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return fields;
    }

    /** Whether a field means something to a connection of HTTP/1.1 and nothing to a stream. */
    static boolean isOfOneConnection(CharSequence name) {
        for (AsciiString each : OF_ONE_CONNECTION) {
            if (each.contentEqualsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }
}
