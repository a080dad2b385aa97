/**
 * Finds backends by DNS and by Spring Cloud's discovery clients, again and again. What it finds is told to whoever owns the
 * configuration; what can't be found is told, too, and changes nothing.
 */
@NullMarked
package io.velo.discovery;

import org.jspecify.annotations.NullMarked;
