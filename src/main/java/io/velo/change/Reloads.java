package io.velo.change;

import java.util.Map;
import java.util.Optional;

/** Reads the configuration anew and puts it in force, whole or not at all. */
public interface Reloads {

    /**
     * Does it. Takes its turn; may wait, so not for event loops.
     *
     * @param trigger who asked for it, for people
     */
    Reload reload(String trigger);

    /** The last one; empty before the first. */
    Optional<Reload> last();

    /**
     * The configuration in force as flat keys and values, for comparison: {@code pool default / strategy},
     * {@code pool default / backend b1}, {@code route shop}. Secrets are left out.
     */
    Map<String, String> inForce();
}
