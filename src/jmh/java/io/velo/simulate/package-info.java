/**
 * Velo's own pools and strategies in virtual time, in front of simulated servers. {@code bench/simulate} runs it; it is built
 * only with the Maven profile {@code jmh}.
 */
@NullMarked
package io.velo.simulate;

import org.jspecify.annotations.NullMarked;
