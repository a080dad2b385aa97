package io.velo.wire.h2;

import java.time.Duration;

/**
 * How requests share one HTTP/2 connection to a backend.
 *
 * @param most requests at once, as far as the backend allows as many
 * @param window bytes of an answer that may be under way unread, 65,535 or more; a connection has as much for each request
 * @param ping after this time without a sign of the backend, while requests wait for one, it is asked for one; zero for never
 */
public record StreamSettings(int most, int window, Duration ping) {

    /** So much of all answers together may be under way on a connection: those that are not read never hold up the others. */
    public int connectionWindow() {
        return (int) Math.min(Integer.MAX_VALUE, (long) most * window);
    }
}
