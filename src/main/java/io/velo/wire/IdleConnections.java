package io.velo.wire;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Those of the connections of one event loop to one backend that carry one request at a time, and none now. They are taken last
 * in, first out, so that surplus ones grow old and go. To add and to take one is O(1).
 */
final class IdleConnections {

    private final Deque<BackendConnection> idle = new ArrayDeque<>();
    private volatile int number; // of them, for the gauges on other threads

    void add(BackendConnection connection) {
        connection.idle();
        idle.addFirst(connection);
        number = idle.size();
    }

    /** The one that was added last, of those that are still open; none if none is. */
    @Nullable
    BackendConnection take() {
        for (BackendConnection next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
            number = idle.size();
            if (next.usable()) {
                return next;
            }
        }
        return null;
    }

    /** One is gone, whether it was idle or not. */
    void remove(BackendConnection connection) {
        if (idle.remove(connection)) {
            number = idle.size();
        }
    }

    /** Closes the one that has been idle for longest. False if there is none. */
    boolean closeOldest() {
        BackendConnection oldest = idle.pollLast();
        if (oldest == null) {
            return false;
        }
        number = idle.size();
        oldest.close();
        return true;
    }

    void closeAll() {
        List.copyOf(idle).forEach(BackendConnection::close); // which removes them
    }

    /** How many there are, for any thread. */
    int number() {
        return number;
    }
}
