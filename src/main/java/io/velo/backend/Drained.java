package io.velo.backend;

import java.time.Duration;
import java.time.Instant;

/**
 * A drain is done: the backend holds no request any more.
 *
 * @param took from the drain to the end of the last request
 * @param overdue whether the time for it was over, so that requests were cut
 * @param at when it was done
 */
public record Drained(String pool, String backend, Duration took, boolean overdue, Instant at) {}
