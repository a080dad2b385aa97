/**
 * A set of backends with one strategy: holds their states, hands out leases, decides on ejections. Requests read one
 * immutable snapshot; changes are serial and swap it.
 */
@NullMarked
package io.velo.pool;

import org.jspecify.annotations.NullMarked;
