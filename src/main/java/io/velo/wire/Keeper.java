package io.velo.wire;

import io.netty.channel.Channel;
import io.velo.backend.Reason;

/** Where a connection to a backend comes from and goes back to. Called on the connection's event loop. */
interface Keeper {

    /** It is free for another request. */
    void giveBack(BackendConnection connection);

    /** Who has this connection now ends it, also when the time of its backend is over. */
    void leave(Channel connection);

    /** It is gone. */
    void closed(BackendConnection connection);

    /** Why those are gone that say nothing of it themselves. */
    Reason whyLost();
}
