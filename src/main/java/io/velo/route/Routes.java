package io.velo.route;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The routes in force. Readers see one immutable list; a refresh swaps it. */
public final class Routes {

    private volatile List<Entry> entries = List.of();

    /** The routes in the order in which they are tried. */
    public List<Entry> entries() {
        return entries;
    }

    /** Names of the pools that routes lead to. */
    public Set<String> pools() {
        return entries.stream().flatMap(entry -> entry.pool().stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Puts other routes in force. */
    public void swap(List<Entry> next) {
        entries = List.copyOf(next);
    }

    /**
     * One route.
     *
     * @param pool where {@code lb://} leads; empty for another URI
     * @param lane the way its requests take
     * @param why what decided on the lane
     */
    public record Entry(String id, Optional<String> pool, Lane lane, String why) {}
}
