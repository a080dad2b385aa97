/**
 * Spans of OpenTelemetry: one for each request of a client, and below it one for each attempt on a backend, whichever lane the
 * request takes. Names and values are those of the stable semantic conventions for HTTP.
 */
@NullMarked
package io.velo.tracing;

import org.jspecify.annotations.NullMarked;
