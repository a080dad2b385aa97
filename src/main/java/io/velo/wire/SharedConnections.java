package io.velo.wire;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Those of the connections of one event loop to one backend that carry many requests at once. Requests go to the one that had
 * room last, so that surplus ones get idle and go. A look for room is O(1).
 */
final class SharedConnections {

    private final Deque<SharedConnection> roomy = new ArrayDeque<>(1);
    private final List<SharedConnection> all = new ArrayList<>(1);
    private final Set<SharedConnection> idle = new HashSet<>(2);
    private volatile int idleNumber; // of these, for the gauges on other threads

    void add(SharedConnection connection) {
        all.add(connection);
        rest(connection);
        list(connection);
    }

    /** A request on it has ended, or it takes more of them. */
    void look(SharedConnection connection) {
        if (connection.idle() && all.contains(connection)) {
            rest(connection);
        }
        list(connection);
    }

    private void rest(SharedConnection connection) {
        if (idle.add(connection)) {
            idleNumber = idle.size();
        }
    }

    private void wake(SharedConnection connection) {
        if (idle.remove(connection)) {
            idleNumber = idle.size();
        }
    }

    private void list(SharedConnection connection) {
        if (!connection.listed() && connection.hasRoom()) {
            connection.list(true);
            roomy.addFirst(connection);
        }
    }

    void remove(SharedConnection connection) {
        all.remove(connection);
        wake(connection);
        forget(connection);
    }

    /** It takes no more. */
    void forget(SharedConnection connection) {
        if (connection.listed()) {
            connection.list(false);
            roomy.remove(connection);
        }
    }

    /** A stream of one that has room; none if none has. */
    @Nullable
    BackendConnection stream() {
        for (SharedConnection next = roomy.peekFirst(); next != null; next = roomy.peekFirst()) {
            BackendConnection made = next.hasRoom() ? next.stream() : null;
            if (made != null) {
                wake(next);
                return made;
            }
            forget(next);
        }
        return null;
    }

    /** Connections without a request, for any thread. */
    int idle() {
        return idleNumber;
    }

    /** Lets one go as soon as its requests have ended, one without any if there is one. */
    void spareOne() {
        idle.stream().findFirst().or(() -> all.stream().findFirst()).ifPresent(SharedConnection::retire);
    }

    void retire() {
        List.copyOf(all).forEach(SharedConnection::retire);
    }
}
