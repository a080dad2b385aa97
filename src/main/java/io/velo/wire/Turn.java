package io.velo.wire;

import io.velo.backend.Reason;
import org.jspecify.annotations.Nullable;

/**
 * One request's turn at a backend: waits for a connection, has it for itself, and lets go of it. Once it may start over, with a
 * new connection, when the backend had closed the one that was kept, or has refused the request unseen. For one event loop.
 */
public final class Turn implements Taker {

    /** Whose turn it is. */
    public interface Holder extends AnswerListener {

        /**
         * Here is the connection: the request is to be written.
         *
         * @param authority what {@code Host} says to this backend
         * @param waited whether this comes later than the call that asked for it
         */
        void send(BackendConnection to, CharSequence authority, boolean waited);

        /** There is no connection to be had. */
        void refused(Reason why);

        /** Whether the request may be sent a second time without the client's knowing. */
        boolean replayable();

        /** Whether all that was sent of it can be sent again, which does no harm if nobody has worked on it. */
        boolean resendable();

        /** Whether no earlier turn has sent the request; asked when it is sent and might be copied. */
        default boolean firstToSend() {
            return true;
        }
    }

    private final Holder holder;
    private @Nullable ConnectionPool pool;
    private @Nullable BackendConnection connection;
    private boolean waiting;
    private boolean repeated;
    private boolean copied;

    public Turn(Holder holder) {
        this.holder = holder;
    }

    /** A turn of which no copy is made whatever the backend's pool says. */
    static Turn unmirrored(Holder holder) {
        Turn turn = new Turn(holder);
        turn.copied = true;
        return turn;
    }

    /** Takes a connection or waits for one. */
    public void start(ConnectionPool from) {
        pool = from;
        waiting = true;
        BackendConnection free = from.take(this);
        if (free != null) {
            use(free, from, false);
        }
    }

    @Override
    public void connected(BackendConnection free) {
        ConnectionPool from = pool;
        if (waiting && from != null) {
            use(free, from, true);
        } else {
            free.release();
        }
    }

    private void use(BackendConnection free, ConnectionPool from, boolean waited) {
        waiting = false;
        connection = free;
        if (from.tapped() && !copied) {
            copied = true;
            copy(free, from);
        }
        holder.send(free, from.authority(), waited);
    }

    private void copy(BackendConnection free, ConnectionPool from) {
        if (holder.firstToSend()) {
            from.copyNext(free);
        }
    }

    @Override
    public void refused(Reason why) {
        waiting = false;
        holder.refused(why);
    }

    /** The connection, while it is held. */
    public @Nullable BackendConnection connection() {
        return connection;
    }

    /** Lets go of the connection without a word, because it isn't one for requests any more. */
    public void forget() {
        connection = null;
    }

    /**
     * The connection is gone before anything was answered.
     *
     * @param why as {@link AnswerListener#backendLost} is told
     * @return whether the turn starts over, with a new connection
     */
    public boolean startsOver(Reason why) {
        BackendConnection gone = connection;
        ConnectionPool from = pool;
        connection = null;
        if (gone == null || from == null || repeated || !mayRepeat(gone, why)) {
            return false;
        }
        repeated = true;
        waiting = true;
        from.takeNew(this);
        return true;
    }

    private boolean mayRepeat(BackendConnection gone, Reason why) {
        if (gone.refused()) {
            return holder.resendable();
        }
        return gone.reused() && why == Reason.CONNECTION_TERMINATED && holder.replayable();
    }

    /**
     * The answer is whole.
     *
     * @param sent whether the request is, too; otherwise the backend may still expect the rest
     */
    public void complete(boolean sent) {
        BackendConnection done = connection;
        connection = null;
        if (done != null && sent) {
            done.release();
        } else if (done != null) {
            done.close();
        }
    }

    /** Ends it without a whole answer; no effect if it is over. */
    public void close() {
        ConnectionPool from = pool;
        if (waiting && from != null) {
            waiting = false;
            from.forget(this);
        }
        complete(false);
    }
}
