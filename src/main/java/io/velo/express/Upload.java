package io.velo.express;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.velo.wire.BackendConnection;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on its way from the client to the backend. What comes before there is a connection is held, and no
 * more than one read is asked for; what comes when nobody wants it any more is thrown away, up to a limit.
 */
final class Upload {

    /** What a client may still send of a body that nobody wants, in bytes; beyond, closing is cheaper than reading. */
    private static final long MOST_DROPPED = 16 << 20;

    private final boolean bodyless;
    private @Nullable Queue<HttpContent> held; // most requests have no body
    private @Nullable BackendConnection backend;
    private boolean whole;
    private boolean dropping;
    private long dropped;

    /**
     * @param bodyless whether the request consists of its head alone, so that all of it goes out at once
     */
    Upload(boolean bodyless) {
        this.bodyless = bodyless;
    }

    /** A part has come in from the client. */
    void part(HttpContent part) {
        whole |= part instanceof LastHttpContent;
        BackendConnection to = backend;
        if (bodyless || dropping) {
            dropped += part.content().readableBytes();
            ReferenceCountUtil.release(part);
        } else if (to == null) {
            hold(part);
        } else {
            send(part, to);
            if (whole) {
                to.requestSent();
            }
        }
    }

    private void hold(HttpContent part) {
        if (held == null) {
            held = new ArrayDeque<>(2);
        }
        held.add(part);
    }

    /** The head has been written to this connection; what is held follows. */
    void follow(BackendConnection to) {
        backend = to;
        if (held != null) {
            held.forEach(part -> send(part, to));
            held = null;
        }
        if (whole || bodyless) {
            to.requestSent();
        }
    }

    /** Trailers of requests aren't passed on (RFC 9110 section 6.5.1): the gateway can't, and backends don't expect them. */
    private static void send(HttpContent part, BackendConnection to) {
        if (part instanceof LastHttpContent last && !last.trailingHeaders().isEmpty()) {
            last.trailingHeaders().clear();
        }
        to.write(part);
    }

    /** Nobody wants it any more. */
    void drop() {
        dropping = true;
        backend = null;
        if (held != null) {
            held.forEach(ReferenceCountUtil::release);
            held = null;
        }
    }

    /** Whether the client has sent all of it. */
    boolean whole() {
        return whole;
    }

    /** Whether so much was thrown away that the connection should rather be closed. */
    boolean endless() {
        return dropped > MOST_DROPPED;
    }

    /** Whether to read from the client. When the request is whole, too: that is how a client's leaving is seen. */
    boolean wantsMore() {
        BackendConnection to = backend;
        return whole || dropping || bodyless || (to != null && to.writable());
    }
}
