package io.velo.backend;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

/**
 * How one probe ended.
 *
 * @param passed whether the backend answered as expected, in time
 * @param status what the backend answered; empty if it gave no answer
 * @param detail what was seen, for people: {@code status 200}, {@code no answer in 2s}, {@code connection refused}
 * @param latency from the first attempt to connect to the verdict
 * @param at wall-clock time of the verdict
 */
public record ProbeResult(boolean passed, OptionalInt status, String detail, Duration latency, Instant at) {}
