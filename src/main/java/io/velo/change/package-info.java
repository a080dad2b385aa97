/**
 * Changes while Velo runs: what operators may ask for, what a reload comes to. One owner carries them out, one after another.
 */
@NullMarked
package io.velo.change;

import org.jspecify.annotations.NullMarked;
