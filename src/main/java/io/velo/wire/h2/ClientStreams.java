package io.velo.wire.h2;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;

/**
 * Which streams a client has opened and not ended, so that a head for any other one is seen for what it is (RFC 9113 section
 * 5.1.1). Remembers the last ended ones by their number. For one event loop.
 */
final class ClientStreams {

    private static final int REMEMBERED = 64;
    private static final int MOST_OPEN = 4_096;

    private final IntObjectMap<Boolean> open = new IntObjectHashMap<>();
    private final int[] ended = new int[REMEMBERED];
    private int place;
    private int highest;

    /** The highest number so far, 0 before the first. */
    int highest() {
        return highest;
    }

    boolean isOpen(int stream) {
        return open.containsKey(stream);
    }

    boolean hasEnded(int stream) {
        for (int each : ended) {
            if (each == stream) {
                return true;
            }
        }
        return false;
    }

    void open(int stream) {
        highest = stream;
        open.put(stream, Boolean.TRUE);
        if (open.size() > MOST_OPEN) {
            forgetOldest();
        }
    }

    /** They were answered before their end and have none: the client has been told not to send it. */
    private void forgetOldest() {
        int border = highest - 2 * MOST_OPEN;
        open.keySet().removeIf(stream -> stream < border);
    }

    void end(int stream) {
        if (open.remove(stream) != null) {
            ended[place] = stream;
            place = (place + 1) % REMEMBERED;
        }
    }
}
