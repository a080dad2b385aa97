package io.velo.change;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How the searches for backends are getting on. */
@FunctionalInterface
public interface Searches {

    /** Those for a pool's backends; none if all of them are listed. */
    List<Status> of(String pool);

    /**
     * One search.
     *
     * @param place where it looks
     * @param backends how many it has found; those stay when it fails later on
     * @param foundAt when it last found some; empty if it never did
     * @param problem why it doesn't find any now; empty if it does
     */
    record Status(String place, int backends, Optional<Instant> foundAt, Optional<String> problem) {}
}
