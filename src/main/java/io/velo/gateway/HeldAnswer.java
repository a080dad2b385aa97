package io.velo.gateway;

/** An answer whose head has come and which the client has not been told of. */
interface HeldAnswer {

    int status();

    /** The field's value, empty if it has none. */
    String retryAfter();

    /** The client gets it. */
    void passOn();

    /** Nobody wants it. */
    void drop();
}
