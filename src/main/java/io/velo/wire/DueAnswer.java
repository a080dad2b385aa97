package io.velo.wire;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/** What an answer has to look like for its request's sake. */
enum DueAnswer {
    KEPT(false, false),
    CLOSED(false, true),
    OLD_KEPT(true, false),
    OLD_CLOSED(true, true);

    private final boolean old;
    private final boolean closes;

    DueAnswer(boolean old, boolean closes) {
        this.old = old;
        this.closes = closes;
    }

    static DueAnswer to(HttpRequest request) {
        boolean keeps = HttpUtil.isKeepAlive(request);
        if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return keeps ? OLD_KEPT : OLD_CLOSED;
        }
        return keeps ? KEPT : CLOSED;
    }

    /** Whether the client speaks HTTP/1.0. */
    boolean old() {
        return old;
    }

    /** Whether it is the last on its connection. */
    boolean closes() {
        return closes;
    }

    /**
     * Gives the head Velo's own version and says what becomes of the connection. Chunks mean nothing to HTTP/1.0: there the end
     * of the connection is the end of the content.
     *
     * @return whether the connection has to be closed behind it
     */
    boolean shape(HttpResponse head) {
        boolean unknownEnd = old && HttpUtil.isTransferEncodingChunked(head);
        boolean closing = closes || unknownEnd || !HttpUtil.isKeepAlive(head);
        head.setProtocolVersion(HttpVersion.HTTP_1_1);
        if (unknownEnd) {
            head.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
        }
        if (closing) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (old) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        } else {
            head.headers().remove(HttpHeaderNames.CONNECTION);
        }
        return closing;
    }
}
