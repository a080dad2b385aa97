package io.velo.wire.h2;

import reactor.netty.http.Http2SettingsSpec;

/** A bean by which a feature adds to the settings that clients are offered, such as the extended CONNECT of RFC 8441. */
@FunctionalInterface
public interface Http2Offer {

    /** Called once, when the server is set up. */
    void add(Http2SettingsSpec.Builder settings);
}
