/**
 * The live page: what the pools, their backends and their meters are like, read every two seconds and pushed to whoever
 * watches. Nothing in here is asked by a request of the traffic; it reads what others count.
 */
@NullMarked
package io.velo.dashboard;

import org.jspecify.annotations.NullMarked;
