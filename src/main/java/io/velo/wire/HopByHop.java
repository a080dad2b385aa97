package io.velo.wire;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * The fields that concern one connection only and that a proxy doesn't pass on (RFC 9110 section 7.6.1). The framing of the
 * message, {@code Content-Length} and {@code Transfer-Encoding}, isn't among them: the codecs on both sides see to it.
 */
final class HopByHop {

    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");

    /** What {@code Connection} may name without effect, or else a client could take away what Velo or a backend rests on. */
    private static final List<AsciiString> KEPT =
            List.of(HttpHeaderNames.HOST, HttpHeaderNames.CONTENT_LENGTH, HttpHeaderNames.TRANSFER_ENCODING);

    private HopByHop() {}

    /** Takes them out of a head. */
    static void removeFrom(HttpHeaders head) {
        if (head.contains(HttpHeaderNames.CONNECTION)) {
            head.getAll(HttpHeaderNames.CONNECTION).forEach(names -> removeNamed(head, names));
            head.remove(HttpHeaderNames.CONNECTION);
        }
        head.remove(KEEP_ALIVE);
        head.remove(PROXY_CONNECTION);
        head.remove(HttpHeaderNames.PROXY_AUTHENTICATE);
        head.remove(HttpHeaderNames.PROXY_AUTHORIZATION);
        head.remove(HttpHeaderNames.TE);
        head.remove(HttpHeaderNames.TRAILER);
        head.remove(HttpHeaderNames.UPGRADE);
    }

    private static void removeNamed(HttpHeaders head, String names) {
        for (String name : names.split(",", -1)) {
            String bare = name.strip();
            if (!bare.isEmpty() && KEPT.stream().noneMatch(kept -> kept.contentEqualsIgnoreCase(bare))) {
                head.remove(bare);
            }
        }
    }
}
