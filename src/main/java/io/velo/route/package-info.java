/**
 * What takes a request to a pool: the routes in force, the lane each takes, and how a routed request ended.
 */
@NullMarked
package io.velo.route;

import org.jspecify.annotations.NullMarked;
