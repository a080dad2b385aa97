package io.velo.wire;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * The fields of a request whose target had to be rewritten so that {@link java.net.URI} can read it, with the target as it
 * came. The fields are the one part of a request that Reactor Netty and Spring hand through unchanged.
 */
public final class RawTargetHeaders extends DefaultHttpHeaders {

    private final String target;

    RawTargetHeaders(String target, HttpHeaders fields) {
        this.target = target;
        add(fields);
    }

    /** The target as it came. */
    public String target() {
        return target;
    }
}
