package io.velo.wire.h2;

/** Told of clients' HTTP/2 connections that were ended because of what the clients did. */
@FunctionalInterface
public interface FloodListener {

    /** Called on the event loop of the connection, once for each. */
    void ended(Flood why);
}
