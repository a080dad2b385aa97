/**
 * Who gets the next request: one small class per algorithm. A strategy keeps what must outlive a change of the pool, a
 * picker is made for one set of candidates, and any thread may ask it.
 */
@NullMarked
package io.velo.strategy;

import org.jspecify.annotations.NullMarked;
