package io.velo.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import io.velo.wire.Alarm;
import io.velo.wire.BackendConnection;
import io.velo.wire.ClientGuards;
import io.velo.wire.SlowReader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket session: passes bytes on from either end to the other, no faster than that takes them, and ends with either of
 * them. If Velo has to end it, each end is sent a Close frame as soon as the frame on its way there is whole, and may answer;
 * then its connection is closed. Both ends are on one event loop, and so is all that isn't said to be for any thread.
 */
public final class Session {

    /** How long the ends have to answer a Close frame; or may be silent before they do, if it is one that nothing follows. */
    private static final Duration MOST_CLOSING = Duration.ofSeconds(5);

    private final Sessions sessions;
    private final SessionEnd backend = new SessionEnd(this);
    private final SessionEnd client = new SessionEnd(this);
    private final Queue<ByteBuf> early = new ArrayDeque<>(0); // what the backend said before the client was there
    private final Alarm alarm;
    private @Nullable SessionTerms terms;
    private @Nullable CloseReason ending; // by Velo
    private boolean closing;
    private boolean leaving; // one end has said its last
    private boolean over;

    Session(Sessions sessions, BackendConnection switched) {
        this.sessions = sessions;
        this.alarm = new Alarm(switched.channel().eventLoop(), sessions.nanos(), this::due);
        switched.becomeTunnel(backend);
    }

    /**
     * Lets the client in. If it has left in the meantime, the session ends before it began.
     *
     * @param by the client's connection
     * @param switching the head that tells it, 101
     */
    public void open(Channel by, HttpResponse switching, SessionTerms agreed) {
        terms = agreed;
        if (!by.isActive()) {
            over = true;
            dropEarly();
            agreed.over().run();
            return;
        }
        ClientGuards.switchTo(by.pipeline(), switching, client);
        sessions.add(this);
        touched();
        by.config().setAutoRead(true);
        catchUp();
    }

    private void catchUp() {
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            read(backend, bytes);
        }
        client.flush();
        backend.readOn(client.writable());
        if (backend.gone()) {
            gone(backend);
        }
    }

    /** There won't be a client; no effect if there is one. */
    public void drop() {
        if (terms == null) {
            over = true;
            dropEarly();
        }
    }

    private void dropEarly() {
        early.forEach(ReferenceCountUtil::release);
        early.clear();
        backend.close();
    }

    SessionTerms terms() {
        return Objects.requireNonNull(terms, "not open");
    }

    private SessionEnd other(SessionEnd end) {
        return end.equals(client) ? backend : client;
    }

    private void touched() {
        if (leaving && !closing) {
            alarm.in(MOST_CLOSING.toNanos());
        } else if (!closing && !terms().idle().isZero()) {
            alarm.in(terms().idle().toNanos());
        }
    }

    void read(SessionEnd from, ByteBuf bytes) {
        if (over) {
            bytes.release();
        } else if (terms == null) {
            early.add(bytes);
            from.readOn(false);
        } else if (ending != null) {
            readToTheEnd(from, bytes, ending);
        } else {
            touched();
            from.trail().follow(bytes);
            pass(from, bytes);
        }
    }

    private void pass(SessionEnd from, ByteBuf bytes) {
        if (!other(from).write(bytes)) {
            from.readOn(false);
        }
    }

    /** Passes on what belongs to the frame under way, and of the rest looks for the answer to a Close frame only. */
    private void readToTheEnd(SessionEnd from, ByteBuf bytes, CloseReason why) {
        int at = bytes.readerIndex();
        if (!other(from).told()) {
            at = from.trail().frame(bytes, at);
            pass(from, bytes.retainedSlice(bytes.readerIndex(), at - bytes.readerIndex()));
            tellIfDue(from, why);
        }
        bytes.readerIndex(at);
        from.trail().follow(bytes);
        bytes.release();
        if (from.told() && from.trail().closed()) {
            from.close();
        }
    }

    /** What comes from one end has come to the end of a frame: the other one is told. */
    private void tellIfDue(SessionEnd from, CloseReason why) {
        SessionEnd to = other(from);
        if (from.trail().atBoundary() && !to.told() && !to.gone()) {
            to.tell(why.frame(to.equals(backend) ? sessions.mask() : 0));
            from.readOn(true);
        }
    }

    void batchEnded(SessionEnd from) {
        if (terms != null) {
            other(from).flush();
        }
    }

    void writabilityChanged(SessionEnd end) {
        if (terms != null) {
            other(end).readOn(end.writable() || end.told());
        }
    }

    /** Has Velo end it, for any thread; no effect if it is about to end anyway. */
    void end(CloseReason why) {
        client.context().executor().execute(() -> endNow(why));
    }

    private void endNow(CloseReason why) {
        if (closing || over) {
            return;
        }
        closing = true;
        alarm.in(MOST_CLOSING.toNanos());
        if (!client.trail().closed() && !backend.trail().closed()) { // or else they are at it themselves
            ending = why;
            tellIfDue(client, why);
            tellIfDue(backend, why);
        }
    }

    private void due() {
        if (closing || leaving) {
            client.close();
            backend.close();
        } else {
            endNow(CloseReason.IDLE);
        }
    }

    /** One end won't say anything any more. If the last was a Close frame, it still hears the answer, and what comes before that. */
    void said(SessionEnd end) {
        if (over) {
            return;
        }
        if (end.trail().closed()) {
            leaving = true;
            touched();
        } else {
            end.close();
        }
    }

    /** The connection of one end is closed. */
    void gone(SessionEnd end) {
        if (terms == null || over) {
            return; // either the client will find out, or it doesn't matter any more
        }
        SessionEnd other = other(end);
        if (ending == null || !other.told()) {
            finish();
            closeBehind(other, end.broken());
        } else if (other.gone()) {
            finish();
        }
    }

    private void closeBehind(SessionEnd end, boolean otherBroke) {
        SlowReader reader = sessions.slowReader(end.context().channel());
        if (otherBroke) {
            end.breakBehind(reader);
        } else {
            end.closeBehind(reader);
        }
    }

    private void finish() {
        if (!over) {
            over = true;
            alarm.stop();
            sessions.remove(this);
            terms().over().run();
        }
    }
}
