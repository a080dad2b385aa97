/**
 * What Velo tells of itself: Micrometer meters for what happens, a log line for each change of state. Meters are resolved
 * once for each backend and for each way in which a route's requests end, not on each request.
 */
@NullMarked
package io.velo.metrics;

import org.jspecify.annotations.NullMarked;
