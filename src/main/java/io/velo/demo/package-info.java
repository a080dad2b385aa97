/**
 * Small backends to try Velo on: inside the process for a first look, or started by hand. Their health can be switched with
 * {@code /health?set=down} and {@code /health?set=up}.
 */
@NullMarked
package io.velo.demo;

import org.jspecify.annotations.NullMarked;
