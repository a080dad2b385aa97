package io.velo.wire;

import io.netty.channel.EventLoop;
import io.velo.backend.Reason;
import io.velo.pool.Tried;
import io.velo.route.RequestEnd;
import io.velo.route.RequestRecord;
import io.velo.route.RequestRecord.Answered;
import io.velo.route.RequestRecord.Asked;
import io.velo.route.RequestRecord.Way;
import io.velo.route.RequestTrace;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request while it is under way. What the client sends and gets is measured on its connection, which way it takes is told
 * by the lane that has it in hand; when both have come to an end, whichever is last, it is told to the listeners.
 */
public final class Recording {

    private final Records records;
    private final EventLoop eventLoop;
    private final Asked asked;
    private final Optional<RequestTrace> trace;
    private final long startNanos;
    private long bytesIn;
    private long bytesOut;
    private int status;
    private long firstByteNanos = RequestRecord.UNKNOWN;
    private long nanos;
    private boolean session;
    private volatile boolean taken;
    private boolean over;
    private boolean told;
    private @Nullable Way way;

    Recording(Records records, EventLoop eventLoop, Asked asked, Optional<RequestTrace> trace, long startNanos) {
        this.records = records;
        this.eventLoop = eventLoop;
        this.asked = trace.map(known -> asked.in(known.traceId())).orElse(asked);
        this.trace = trace;
        this.startNanos = startNanos;
    }

    /** Follows it, if anybody does. */
    public Optional<RequestTrace> trace() {
        return trace;
    }

    /** Told by the lane, once and from any thread: how it ended. */
    public void ended(RequestEnd end, Tried tried) {
        Way known = Way.of(end, tried);
        if (eventLoop.inEventLoop()) {
            went(known);
        } else {
            eventLoop.execute(() -> went(known));
        }
    }

    /** A lane has it in hand and will tell how it ends. */
    void take() {
        taken = true;
    }

    /** It was refused before any lane saw it. */
    void refused(Reason why) {
        went(Way.without(Optional.of(why)));
    }

    private void went(Way known) {
        way = known;
        tellIfOver();
    }

    boolean answersHead() {
        return asked.method().equals("HEAD");
    }

    void received(long bytes) {
        bytesIn += bytes;
    }

    void sent(long bytes) {
        bytesOut += bytes;
    }

    void answerBegins(int sentStatus) {
        status = sentStatus;
        firstByteNanos = elapsedNanos();
    }

    /** From here on the connection is its own. */
    void becomeSession() {
        session = true;
    }

    boolean inSession() {
        return session;
    }

    /** The answer is whole. */
    void answerEnds() {
        end();
    }

    /** The connection is gone. If nobody had the request in hand, nobody else can have ended it. */
    void connectionLost() {
        if (!taken && way == null) {
            way = Way.without(Optional.of(Reason.CLIENT_ABORTED));
        }
        end();
    }

    private void end() {
        over = true;
        nanos = elapsedNanos();
        tellIfOver();
    }

    private void tellIfOver() {
        if (!over || told || (taken && way == null)) {
            return;
        }
        told = true;
        Way known = way == null ? Way.without(Optional.empty()) : way;
        Answered answered = new Answered(statusFor(known.reason()), bytesIn, bytesOut, nanos, firstByteNanos);
        RequestRecord request = new RequestRecord(asked, answered, known);
        records.listeners().forEach(listener -> listener.recorded(request));
        trace.ifPresent(following -> following.recorded(request));
    }

    private int statusFor(Optional<Reason> reason) {
        boolean left = reason.filter(Reason.CLIENT_ABORTED::equals).isPresent();
        if (left || (status == 0 && reason.isEmpty())) {
            return Reason.CLIENT_ABORTED.status();
        }
        return status == 0 ? reason.map(Reason::status).orElse(0) : status;
    }

    private long elapsedNanos() {
        return records.nanos().getAsLong() - startNanos;
    }
}
