/**
 * What operators look at: health, pools, routes, and the meters as JSON.
 */
@NullMarked
package io.velo.admin;

import org.jspecify.annotations.NullMarked;
