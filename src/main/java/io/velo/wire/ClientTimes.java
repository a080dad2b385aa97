package io.velo.wire;

import java.time.Duration;

/**
 * How long clients may take.
 *
 * @param head for the head of a request to come in, from its first byte to its last
 * @param body longest silence inside the body of a request
 * @param idle without a request
 * @param write to take any of an answer that waits for them
 * @param minRate least bytes in a second of a body that Velo waits for, on average; 0 for any
 */
public record ClientTimes(Duration head, Duration body, Duration idle, Duration write, long minRate) {}
