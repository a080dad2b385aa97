/**
 * Benchmarks of what each request costs inside Velo, apart from the network. {@code bench/jmh} runs them; they are built
 * only with the Maven profile {@code jmh}.
 */
@NullMarked
package io.velo.jmh;

import org.jspecify.annotations.NullMarked;
