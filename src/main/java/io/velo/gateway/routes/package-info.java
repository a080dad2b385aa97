/**
 * Compiles the gateway's routes into Velo's table, and says which lane each of them takes. In doubt it is the gateway lane.
 */
@NullMarked
package io.velo.gateway.routes;

import org.jspecify.annotations.NullMarked;
