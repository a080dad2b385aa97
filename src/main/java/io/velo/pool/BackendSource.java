package io.velo.pool;

import io.velo.backend.BackendSpec;
import java.util.List;

/** Supplies backends that the configuration doesn't list. A bean of this type adds them to its pool at start. */
public interface BackendSource {

    /** Name of the pool they belong to. */
    String pool();

    /** The backends, each id once. */
    List<BackendSpec> backends();
}
