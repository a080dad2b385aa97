package io.velo.wire;

import io.velo.backend.Reason;

/** Waits for a connection. Called on its own event loop, once. */
public interface Taker {

    /** Here it is. */
    void connected(BackendConnection connection);

    /** There is none to be had. */
    void refused(Reason why);
}
