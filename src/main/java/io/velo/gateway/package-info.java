/**
 * The gateway lane: Velo's filters in Spring Cloud Gateway's chain. They take a backend from the pool, send the request to
 * it, and end the lease when the body has ended, whatever ended it.
 */
@NullMarked
package io.velo.gateway;

import org.jspecify.annotations.NullMarked;
