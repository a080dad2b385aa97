package io.velo.wire.h2;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;

/** Fields of HTTP/1.1 as those of a stream: names in small letters, and none that concern one connection. */
final class StreamFields {

    private StreamFields() {}

    static Http2Headers of(HttpHeaders fields) {
        Http2Headers made = new DefaultHttp2Headers(false, fields.size() + 4);
        Iterator<Map.Entry<CharSequence, CharSequence>> each = fields.iteratorCharSequence();
        while (each.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = each.next();
            if (!StreamHead.isOfOneConnection(field.getKey())) {
                made.add(small(field.getKey()), field.getValue());
            }
        }
        return made;
    }

    private static CharSequence small(CharSequence name) {
        return name instanceof AsciiString ascii
                ? ascii.toLowerCase()
                : name.toString().toLowerCase(Locale.ROOT);
    }
}
