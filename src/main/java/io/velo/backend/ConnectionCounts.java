package io.velo.backend;

/** The connections that Velo holds to one backend, as they are at the moment of asking. Thread-safe. */
public interface ConnectionCounts {

    /** Connections in use. */
    int active();

    /** Connections that wait for a request. */
    int idle();

    /** Requests that wait for a connection. */
    int waiting();

    /** Told where a backend's figures are to be had. */
    @FunctionalInterface
    interface Listener {

        /** There are connections to this backend from now on. */
        void opened(Backend backend, ConnectionCounts counts);
    }
}
