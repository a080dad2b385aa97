/** Token buckets in Redis, for instances of Velo that count together. Nothing of it is set up unless it is asked for. */
@NullMarked
package io.velo.redis;

import org.jspecify.annotations.NullMarked;
