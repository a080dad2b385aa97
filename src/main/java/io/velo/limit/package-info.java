/**
 * Limits on how many requests a client may send, and how many at once. Pure arithmetic and tables of a bounded size; where
 * the counts of several instances are kept together is behind {@link io.velo.limit.SharedBuckets}.
 */
@NullMarked
package io.velo.limit;

import org.jspecify.annotations.NullMarked;
