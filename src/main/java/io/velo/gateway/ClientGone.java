package io.velo.gateway;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import reactor.netty.channel.AbortedException;

/** Marks a failure to read from the client, so that it isn't taken for one of the backend's. */
final class ClientGone extends IOException {

    private static final long serialVersionUID = 1L;

    ClientGone(Throwable cause) {
        super("the client's request ended early", cause);
    }

    /** Whether a failure on the way to the client means that the client has left. */
    static boolean is(Throwable failure) {
        return causedBy(failure)
                || failure instanceof AbortedException
                || failure instanceof ClosedChannelException
                || failure instanceof IOException;
    }

    /** Whether reading from the client is at the bottom of a failure of the HTTP client. */
    static boolean causedBy(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ClientGone) {
                return true;
            }
        }
        return false;
    }
}
