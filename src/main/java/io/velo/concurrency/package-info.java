/**
 * How many requests a backend may have at once, learnt from how long it takes to answer, by Netflix's concurrency-limits. What is
 * learnt is asked for by {@link io.velo.backend.ConcurrencyLimit}.
 */
@NullMarked
package io.velo.concurrency;

import org.jspecify.annotations.NullMarked;
