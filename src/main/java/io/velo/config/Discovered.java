package io.velo.config;

import io.velo.backend.BackendSpec;
import io.velo.backend.BackendSpec.Source;
import io.velo.change.FoundBackend;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What was found where backends are looked for. It stays when a later look fails. Thread-safe. */
final class Discovered {

    private final Map<Place, List<FoundBackend>> found = new ConcurrentHashMap<>();

    /** Notes all that there is at a place now, and tells whether that is news. */
    boolean put(Place place, List<FoundBackend> backends) {
        return !backends.equals(found.put(place, backends));
    }

    /** Nobody looks there any more. */
    void forget(Place place) {
        found.remove(place);
    }

    /** What there is at the places of a pool, each id once; what is listed has its id first. */
    List<BackendSpec> of(String pool, PoolProperties properties) {
        Map<String, BackendSpec> byId = new LinkedHashMap<>();
        for (BackendProperties each : properties.backends()) {
            if (Place.is(each.url())) {
                found.getOrDefault(new Place(pool, URI.create(each.url())), List.of())
                        .forEach(backend -> byId.putIfAbsent(backend.id(), spec(backend, each)));
            }
        }
        properties.backends().stream().map(Settings::idOf).forEach(byId::remove);
        return List.copyOf(byId.values());
    }

    /** Who knows of a backend's weight and zone has the word; otherwise they are those of the place. */
    private static BackendSpec spec(FoundBackend backend, BackendProperties place) {
        return new BackendSpec(
                backend.id(),
                backend.uri(),
                backend.weight().orElse(place.weight()),
                place.maxInFlight(),
                backend.zone().isEmpty() ? place.zone() : backend.zone(),
                Settings.priorityOf(place),
                Source.DISCOVERY,
                backend.readiness());
    }
}
