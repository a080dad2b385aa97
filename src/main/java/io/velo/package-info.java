/**
 * Velo, an HTTP load balancer on Spring Cloud Gateway. Each package is a feature; the domain ({@code backend},
 * {@code strategy}, {@code pool}, {@code route}, {@code http}) knows none of the others.
 */
@NullMarked
package io.velo;

import org.jspecify.annotations.NullMarked;
