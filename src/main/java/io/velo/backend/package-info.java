/**
 * One origin server: who it is, how it is doing, what it is busy with, and how a request to it can end.
 * Plain Java that every other package builds on; a state change is returned or reported, never logged here.
 */
@NullMarked
package io.velo.backend;

import org.jspecify.annotations.NullMarked;
