/**
 * The express lane: a handler on the connections of clients that takes the requests whose routes it knows in full past the
 * gateway, from accept to answer on one thread. Each class here belongs to one event loop and takes no lock.
 */
@NullMarked
package io.velo.express;

import org.jspecify.annotations.NullMarked;
