/**
 * Rules of HTTP proxying that both lanes share: who the client is, what a failure looks like, which request targets are
 * taken. Plain Java, no I/O.
 */
@NullMarked
package io.velo.http;

import org.jspecify.annotations.NullMarked;
