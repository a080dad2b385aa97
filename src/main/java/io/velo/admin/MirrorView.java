package io.velo.admin;

import io.velo.wire.Mirror;

/**
 * A pool's mirror as the endpoints show it.
 *
 * @param pool name of the pool that gets copies of requests
 * @param percent share of the requests that are copied
 * @param inFlight copies on their way
 */
record MirrorView(String pool, double percent, int inFlight, int maxInFlight) {

    static MirrorView of(Mirror mirror) {
        return new MirrorView(
                mirror.settings().pool(),
                mirror.settings().percent(),
                mirror.inFlight(),
                mirror.settings().maxInFlight());
    }
}
