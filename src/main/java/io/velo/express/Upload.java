package io.velo.express;

import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.velo.route.RouteTerms;
import io.velo.wire.BackendConnection;
import io.velo.wire.Replay;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on its way from the client to the backend. What comes before there is a connection is held, and no
 * more than one read is asked for; what comes when nobody wants it any more is thrown away, up to a limit. What was sent is
 * kept, if another backend may have to get it, too.
 */
final class Upload {

    /** What a client may still send of a body that nobody wants, in bytes; beyond, closing is cheaper than reading. */
    private static final long MOST_DROPPED = 16 << 20;

    private final boolean bodyless;
    private @Nullable Queue<HttpContent> held; // most requests have no body
    private final @Nullable Replay replay; // none without a body
    private final RouteTerms terms;
    private @Nullable BackendConnection backend;
    private boolean whole;
    private boolean endSent;
    private boolean dropping;
    private long dropped;
    private long received;

    private Upload(boolean bodyless, @Nullable Replay replay, RouteTerms terms) {
        this.bodyless = bodyless;
        this.replay = replay;
        this.terms = terms;
    }

    /** Of a request that consists of its head alone, so that all of it goes out at once. */
    static Upload ofNothing() {
        return new Upload(true, null, RouteTerms.ANY);
    }

    /**
     * @param terms which say how much may come
     */
    static Upload of(Replay replay, RouteTerms terms) {
        return new Upload(false, replay, terms);
    }

    /** A part has come in from the client. */
    void part(HttpContent part) {
        whole |= part instanceof LastHttpContent;
        received += part.content().readableBytes();
        BackendConnection to = backend;
        if (bodyless || dropping || tooLarge()) {
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
        sendAgain(to);
        if (held != null) {
            held.forEach(part -> send(part, to));
            held = null;
        }
        if (isRead()) {
            to.requestSent();
        }
    }

    private void sendAgain(BackendConnection to) {
        Replay kept = replay;
        if (kept != null) {
            kept.again().ifPresent(bytes -> to.write(new DefaultHttpContent(bytes)));
            if (endSent) {
                to.write(LastHttpContent.EMPTY_LAST_CONTENT);
            }
        }
    }

    /** The backend that had what was sent is out of it: the next one gets all from the beginning. */
    void rewind() {
        backend = null;
    }

    /** Whether there can be a next one. */
    boolean replayable() {
        return replay == null || replay.whole();
    }

    /** There won't be a next one. */
    void forget() {
        if (replay != null) {
            replay.forget();
        }
    }

    /** Trailers of requests aren't passed on (RFC 9110 section 6.5.1): the gateway can't, and backends don't expect them. */
    private void send(HttpContent part, BackendConnection to) {
        if (part instanceof LastHttpContent last) {
            endSent = true;
            if (!last.trailingHeaders().isEmpty()) {
                last.trailingHeaders().clear();
            }
        }
        if (replay != null) {
            replay.keep(part.content());
        }
        to.write(part);
    }

    /** Nobody wants it any more. */
    void drop() {
        dropping = true;
        backend = null;
        forget();
        if (held != null) {
            held.forEach(ReferenceCountUtil::release);
            held = null;
        }
    }

    /** Whether the client has sent all of it. */
    boolean whole() {
        return whole;
    }

    /** Whether nothing of the request is still to come from the client. */
    boolean isRead() {
        return whole || bodyless;
    }

    /** Whether more has come than may. */
    boolean tooLarge() {
        return excludes(received);
    }

    /** Whether a body of this length is more than may come. */
    boolean excludes(long length) {
        return terms.excludes(length);
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
