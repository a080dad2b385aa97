package io.velo.websocket;

import io.velo.backend.Backend;
import java.time.Duration;

/**
 * What holds for one session.
 *
 * @param backend whose it is
 * @param idle the longest time without a byte from either end; zero for no bound
 * @param over run once, when it has ended
 */
public record SessionTerms(Backend backend, Duration idle, Runnable over) {}
