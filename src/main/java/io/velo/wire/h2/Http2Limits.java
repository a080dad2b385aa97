package io.velo.wire.h2;

import java.time.Duration;

/**
 * What one HTTP/2 connection of a client may ask for.
 *
 * @param maxConcurrentStreams most requests at once
 * @param initialWindowSize bytes of a request's body that may be under way unread, 65,535 or more
 * @param maxHeaderListSize bytes of all fields of one head
 * @param maxTarget bytes of a target
 * @param maxResets streams that it may reset within half a minute, or half of those it opened, whichever is more
 * @param frameBudget how many frames that carry nothing it may send beyond what its requests and answers account for
 * @param headTimeout for the preface, or for a head that was begun
 * @param idleTimeout without any stream
 */
public record Http2Limits(
        int maxConcurrentStreams,
        int initialWindowSize,
        int maxHeaderListSize,
        int maxTarget,
        int maxResets,
        int frameBudget,
        Duration headTimeout,
        Duration idleTimeout) {}
