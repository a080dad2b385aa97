package io.velo.gateway;

import reactor.core.Disposable;
import reactor.core.Disposables;

/** How far the answer of a backend has got to the client. Its signals come one after another, if not all on one thread. */
final class PassedAnswer {

    private volatile Disposable upstream = Disposables.disposed();
    private volatile int finalStatus;
    private volatile boolean bodyDue;
    private volatile boolean bodyComplete;

    /** Its head has arrived on this connection. */
    void arrivesOn(Disposable connection) {
        upstream = connection;
    }

    /** What stands behind the body, or beside it in the head, says more than the status of the head. */
    void turnedOut(int status) {
        finalStatus = status;
    }

    /**
     * The status as which it counts.
     *
     * @param told to the client
     */
    int countsAs(int told) {
        return finalStatus == 0 ? told : finalStatus;
    }

    /** The body is being passed on from now on. */
    void bodyDue() {
        bodyDue = true;
    }

    /** All of the body has been passed on. */
    void bodyComplete() {
        bodyComplete = true;
    }

    boolean isBodyComplete() {
        return bodyComplete;
    }

    /** Whether a body that was due hasn't been passed on as a whole. */
    boolean isCutShort() {
        return bodyDue && !bodyComplete;
    }

    /** Nobody wants the rest. If nobody has asked for the body, nobody's leaving closes the connection but this. */
    void dispose() {
        upstream.dispose();
    }
}
