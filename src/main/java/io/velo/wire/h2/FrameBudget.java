package io.velo.wire.h2;

import io.netty.handler.codec.http2.Http2Error;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What the frames of one connection cost and earn. Requests, answers and their bodies earn, and so does time, up to the
 * budget; frames that carry nothing and yet have to be worked on cost. Whoever has nothing left is a flood. Resets have an
 * account of their own, since each has a request to its credit. For one event loop.
 */
final class FrameBudget {

    private static final long NANOS_PER_POINT = 50_000_000L; // twenty each second
    private static final long RESET_WINDOW_NANOS = 30_000_000_000L;
    private static final int COST_OF_RESET = 25;

    private final Http2Limits limits;
    private final LongSupplier nanos;
    private final Map<Flood, Integer> spent = new EnumMap<>(Flood.class);
    private long left;
    private long earnedUntil;
    private long windowStart;
    private int opened;
    private int resets;

    FrameBudget(Http2Limits limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
        this.left = limits.frameBudget();
        this.earnedUntil = nanos.getAsLong();
        this.windowStart = earnedUntil;
    }

    /** Something useful has gone one way or the other. */
    void earn(int points) {
        left = Math.min(limits.frameBudget(), left + points);
    }

    /** Whether it may cost that. */
    boolean spend(Flood kind, int points) {
        spent.merge(kind, points, Integer::sum);
        left -= points;
        if (left < 0) {
            earnForTime();
        }
        return left >= 0;
    }

    private void earnForTime() {
        long passed = nanos.getAsLong() - earnedUntil;
        left = Math.min(limits.frameBudget(), left + passed / NANOS_PER_POINT);
        earnedUntil += passed - passed % NANOS_PER_POINT;
    }

    /** What most was spent on. */
    Flood worst() {
        return spent.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(Flood.PROTOCOL_ERROR);
    }

    /** The client has opened a stream. */
    void opened() {
        turnWindow();
        opened++;
    }

    /** The client has reset a stream. Whether that may be. */
    boolean reset() {
        turnWindow();
        resets++;
        return resets <= limits.maxResets() || resets < opened / 2;
    }

    /** This side resets a stream for this error. Whether that may be: a client may not bring it about time and again. */
    boolean resetSent(int code) {
        return !isClientsFault(code) || spend(Flood.MADE_YOU_RESET, COST_OF_RESET);
    }

    /** Not that of a backend, nor of nobody; and who opens too many streams, or is to come by HTTP/1.1, may not know yet. */
    private static boolean isClientsFault(int code) {
        return code != Http2Error.NO_ERROR.code()
                && code != Http2Error.CANCEL.code()
                && code != Http2Error.INTERNAL_ERROR.code()
                && code != Http2Error.HTTP_1_1_REQUIRED.code()
                && code != Http2Error.REFUSED_STREAM.code();
    }

    private void turnWindow() {
        long now = nanos.getAsLong();
        if (now - windowStart > RESET_WINDOW_NANOS) {
            windowStart = now;
            opened = 0;
            resets = 0;
        }
    }
}
