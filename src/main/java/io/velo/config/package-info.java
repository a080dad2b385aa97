/**
 * Configuration: reads {@code lb.*} from file, environment and command line, refuses what is wrong with all its reasons at
 * once, and hands each other package the settings that it owns.
 */
@NullMarked
package io.velo.config;

import org.jspecify.annotations.NullMarked;
