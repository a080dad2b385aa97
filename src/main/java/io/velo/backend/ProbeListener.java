package io.velo.backend;

/** Told of each probe. Must not block. */
@FunctionalInterface
public interface ProbeListener {

    /** A probe of this backend ended. */
    void probed(Backend backend, ProbeResult result);
}
