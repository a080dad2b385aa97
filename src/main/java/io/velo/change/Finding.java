package io.velo.change;

import java.util.List;

/** What came of one look for backends. */
public sealed interface Finding {

    /**
     * Here they are.
     *
     * @param backends all that there are now; none only if whoever says so can't be mistaken
     */
    record Found(List<FoundBackend> backends) implements Finding {
        public Found {
            backends = List.copyOf(backends);
        }
    }

    /**
     * There is no telling: nobody answered, or without any backend.
     *
     * @param why for people
     */
    record Failed(String why) implements Finding {}
}
