package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.AsciiString;
import io.velo.http.FieldNames;
import io.velo.http.ForwardedFor;
import io.velo.tls.ClientIdentity;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The head of a request as a backend gets it: without what concerned the client's connection only, and with who the client
 * is: {@code X-Forwarded-For, -Proto, -Host, -Port} and {@code Via}. What a peer says of others is passed on only if it is
 * a trusted one; otherwise it is replaced, {@code Forwarded} and {@code Client-Cert} dropped, and the same with underscores for dashes.
 */
public final class UpstreamHead {

    private static final AsciiString FOR = AsciiString.cached("X-Forwarded-For");
    private static final AsciiString PROTO = AsciiString.cached("X-Forwarded-Proto");
    private static final AsciiString HOST = AsciiString.cached("X-Forwarded-Host");
    private static final AsciiString PORT = AsciiString.cached("X-Forwarded-Port");
    private static final AsciiString FORWARDED = AsciiString.cached("Forwarded");
    private static final AsciiString VIA = AsciiString.cached("Via");
    private static final AsciiString VIA_HTTP10 = AsciiString.cached("1.0 velo");
    private static final AsciiString VIA_HTTP11 = AsciiString.cached("1.1 velo");
    private static final AsciiString VIA_HTTP2 = AsciiString.cached("2.0 velo");
    private static final AsciiString VIA_HTTP3 = AsciiString.cached("3.0 velo");
    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");
    private static final AsciiString HTTP_PORT = AsciiString.cached("80");
    private static final AsciiString HTTPS_PORT = AsciiString.cached("443");
    private static final String PREFIX = "x-forwarded-";

    private UpstreamHead() {}

    /**
     * Makes a client's head the backend's. {@code Host} stays the client's, for the lane to decide; framing stays.
     *
     * @param head is changed
     * @param forwarded who the client is
     * @param secure whether the client came by TLS
     * @param http10 whether it came by HTTP/1.0
     * @param via what {@link #via} says of the channel that it came by
     */
    public static void prepare(
            HttpHeaders head, ForwardedFor forwarded, boolean secure, boolean http10, CharSequence via) {
        head.remove(HttpHeaderNames.CONNECTION); // the guard has left nothing else that is for one connection only
        head.remove(HttpHeaderNames.UPGRADE);
        head.remove(HttpHeaderNames.EXPECT); // Velo has told the client to go on, or will
        tellOfClient(head, forwarded, secure);
        head.add(VIA, http10 ? VIA_HTTP10 : via);
    }

    /**
     * How requests come on a channel, for {@code Via}, unless it is by HTTP/1.0.
     *
     * @param client the client's connection, or its stream of one
     */
    public static CharSequence via(Channel client) {
        if (client instanceof Http2StreamChannel) {
            return VIA_HTTP2;
        }
        return client instanceof QuicStreamChannel ? VIA_HTTP3 : VIA_HTTP11;
    }

    /** The values of {@code X-Forwarded-For}, for {@link ForwardedFor#of}. */
    public static List<String> forwardedFor(HttpHeaders head) {
        return head.getAll(FOR);
    }

    private static void tellOfClient(HttpHeaders head, ForwardedFor forwarded, boolean secure) {
        if (!forwarded.trustedPeer()) {
            dropWhatSpeaksForOthers(head);
        }
        head.set(FOR, forwarded.value());
        String host = head.get(HttpHeaderNames.HOST, "");
        setIfAbsent(head, PROTO, secure ? HTTPS : HTTP);
        if (!host.isEmpty()) { // clients of HTTP/1.0 need not name one
            setIfAbsent(head, HOST, host);
        }
        setIfAbsent(head, PORT, port(host, secure));
    }

    private static void setIfAbsent(HttpHeaders head, AsciiString name, CharSequence value) {
        if (!head.contains(name)) {
            head.set(name, value);
        }
    }

    private static void dropWhatSpeaksForOthers(HttpHeaders head) {
        List<CharSequence> found = List.of();
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = head.iteratorCharSequence();
        while (fields.hasNext()) {
            CharSequence name = fields.next().getKey();
            if (speaksForOthers(name)) {
                found = found.isEmpty() ? new ArrayList<>() : found;
                found.add(name);
            }
        }
        found.forEach(head::remove);
    }

    private static boolean speaksForOthers(CharSequence name) {
        return FieldNames.beginAlike(name, PREFIX)
                || AsciiString.contentEqualsIgnoreCase(FORWARDED, name)
                || ClientIdentity.owns(name);
    }

    /** The port that the client asked for, as {@code Host} has it, or the scheme's own. */
    private static CharSequence port(String host, boolean secure) {
        int colon = host.lastIndexOf(':');
        boolean given = colon >= 0 && host.indexOf(']') < colon && colon + 1 < host.length();
        return given ? host.substring(colon + 1) : secure ? HTTPS_PORT : HTTP_PORT;
    }
}
