package io.velo.limit;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Token buckets that several instances of Velo take from. Safe for any thread. */
public interface SharedBuckets {

    /**
     * Takes one token from each of the buckets, or from none if one of them is empty.
     *
     * @param answer told once, on any thread and within a bounded time, what came of each draw, in their order; empty if
     *     nobody knows
     */
    void take(List<Draw> draws, Consumer<Optional<List<Taken>>> answer);
}
