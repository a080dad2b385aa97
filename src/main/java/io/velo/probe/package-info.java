/**
 * Active health checks: every backend on its own schedule, one probe at a time. Results go to the pool, which decides what
 * they mean.
 */
@NullMarked
package io.velo.probe;

import org.jspecify.annotations.NullMarked;
