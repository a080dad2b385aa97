package io.velo.wire;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.pool.Race;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The attempt at a request that is under way: a turn at one backend and, if that one is slow, perhaps another turn beside it. Which of
 * them counts is the {@link Race}'s to say. May be started anew when it has failed. For one event loop.
 */
public final class Attempt {

    /** Who makes it, and is told by the turn that leads. */
    public interface Owner extends Turn.Holder {

        /** The backend is slow: the time has come to ask a second one {@link #beside} it. */
        void slow();

        /** The second backend's connection is there: the whole request is to be written for this listener. */
        void sendBeside(Lease second, BackendConnection to, CharSequence authority, AnswerListener by);

        /**
         * The second backend leads from now on.
         *
         * @param failure of the first one; empty if it has just not been answered first
         */
        void overtaken(Lease by, Optional<Reason> failure);

        /** Nobody is left who may answer. */
        void failed(Reason why);
    }

    private final Owner owner;
    private Turn turn;
    private @Nullable Rival rival;
    private @Nullable Future<?> limit;
    private @Nullable Future<?> patience;

    public Attempt(Owner owner) {
        this.owner = owner;
        this.turn = new Turn(owner);
    }

    /**
     * Takes a connection or waits for one.
     *
     * @param most until the head of the answer; zero for no bound
     * @param patienceNanos after which the backend counts as slow; 0 for never
     */
    public void start(EventLoop eventLoop, ConnectionPool from, Duration most, long patienceNanos) {
        if (!most.isZero()) {
            limit = eventLoop.schedule(this::overdue, most.toNanos(), TimeUnit.NANOSECONDS);
        }
        if (patienceNanos > 0) {
            patience = eventLoop.schedule(owner::slow, patienceNanos, TimeUnit.NANOSECONDS);
        }
        turn.start(from);
    }

    /** Whoever could not even be reached by now has not had the request. */
    private void overdue() {
        fail(turn.connection() == null ? Reason.CONNECTION_TIMEOUT : Reason.HTTP_RESPONSE_TIMEOUT);
    }

    /**
     * Asks a second backend, too.
     *
     * @param from the connections to it
     */
    public void beside(Race race, ConnectionPool from) {
        Rival second = new Rival(this, owner, race);
        rival = second;
        second.start(from);
    }

    /** The second turn is answered first. */
    void overtaken(Race race, Turn by) {
        rival = null;
        turn.close();
        turn = by;
        owner.overtaken(race.secondLeads(), Optional.empty());
    }

    /** The second turn has come to nothing, and the first one goes on. */
    void rivalFailed(Race race, Reason why) {
        rival = null;
        race.secondFails(why);
    }

    /** The turn that leads has come to nothing. If there is a second one, that goes on alone. */
    public void fail(Reason why) {
        turn.close();
        Rival second = rival;
        if (second == null) {
            stopClocks();
            owner.failed(why);
            return;
        }
        rival = null;
        turn = second.takeOver();
        owner.overtaken(second.race().firstFails(why), Optional.of(why));
    }

    /** The turn that leads is answered, in time: nobody else is asked any more. */
    public void answered() {
        stopClocks();
        Rival second = rival;
        if (second != null) {
            rival = null;
            second.close();
            second.race().firstLeads();
        }
    }

    private void stopClocks() {
        limit = cancelled(limit);
        patience = cancelled(patience);
    }

    private static @Nullable Future<?> cancelled(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
        return null;
    }

    /** The connection of the turn that leads, while it is held. */
    public @Nullable BackendConnection connection() {
        return turn.connection();
    }

    /** Lets go of the connection without a word, because it isn't one for requests any more. */
    public void forget() {
        turn.forget();
    }

    /**
     * The connection is gone before anything was answered.
     *
     * @param why as {@link AnswerListener#backendLost} is told
     * @return whether the turn starts over, with a new connection
     */
    public boolean startsOver(Reason why) {
        return turn.startsOver(why);
    }

    /**
     * The answer is whole, or isn't wanted.
     *
     * @param sent whether the request is, too, and nothing more of either is to come
     */
    public void complete(boolean sent) {
        turn.complete(sent);
    }

    /** Ends it without a whole answer; no effect if it is over. */
    public void close() {
        answered();
        turn.close();
    }
}
