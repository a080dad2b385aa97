/**
 * A Resilience4j circuit breaker for each backend. It counts and proposes; the pool decides, see
 * {@link io.velo.backend.Breaker}.
 */
@NullMarked
package io.velo.breaker;

import org.jspecify.annotations.NullMarked;
