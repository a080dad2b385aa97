package io.velo.change;

import io.velo.backend.Readiness;
import java.net.URI;
import java.util.OptionalInt;

/**
 * A backend that was found.
 *
 * @param id its name, the same as long as it is the same backend
 * @param uri scheme, host and port
 * @param weight its share, if whoever knows of it says so
 * @param zone where it stands, empty if nobody said
 * @param readiness what is said of its state
 */
public record FoundBackend(String id, URI uri, OptionalInt weight, String zone, Readiness readiness) {

    /** One that is there, which is all that is known. */
    public FoundBackend(String id, URI uri, OptionalInt weight, String zone) {
        this(id, uri, weight, zone, Readiness.READY);
    }
}
