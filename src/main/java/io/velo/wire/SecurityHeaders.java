package io.velo.wire;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/** Fields that tell browsers to be careful. A backend that says something else has the last word. */
final class SecurityHeaders {

    private static final AsciiString[][] FIELDS = {
        {AsciiString.cached("X-Content-Type-Options"), AsciiString.cached("nosniff")},
        {AsciiString.cached("X-Frame-Options"), AsciiString.cached("DENY")},
        {AsciiString.cached("Referrer-Policy"), AsciiString.cached("strict-origin-when-cross-origin")}
    };

    private SecurityHeaders() {}

    static void add(HttpHeaders answer) {
        for (AsciiString[] field : FIELDS) {
            if (!answer.contains(field[0])) {
                answer.set(field[0], field[1]);
            }
        }
    }
}
