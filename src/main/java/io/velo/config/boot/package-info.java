/** Turns Spring Boot's auto-configuration on, and holds nothing else: see {@link io.velo.config.boot.BootConfiguration}. */
@NullMarked
package io.velo.config.boot;

import org.jspecify.annotations.NullMarked;
