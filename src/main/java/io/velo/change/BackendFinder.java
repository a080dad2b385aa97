package io.velo.change;

import java.net.URI;
import java.util.Set;
import java.util.function.Consumer;

/** Finds backends where the configuration only says where to look for them. */
public interface BackendFinder {

    /** Schemes of the places that it looks at. */
    Set<String> schemes();

    /**
     * Begins to look, and goes on for good.
     *
     * @param place with one of these schemes
     * @param told what comes of each look, one after another, on any thread; must not block
     */
    Search search(URI place, Consumer<Finding> told);

    /** What goes on until it is closed. */
    interface Search extends AutoCloseable {
        @Override
        void close();
    }
}
