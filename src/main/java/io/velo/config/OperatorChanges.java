package io.velo.config;

import io.velo.backend.BackendSpec;
import io.velo.backend.BackendSpec.Source;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What operators have changed of one pool's backends on top of the configuration. Immutable. A change holds as long as the
 * configuration says of its backend what it said when the change was made; after that the configuration has the last word.
 */
record OperatorChanges(Map<String, Change> byBackend) {

    static final OperatorChanges NONE = new OperatorChanges(Map.of());

    OperatorChanges {
        byBackend = Collections.unmodifiableMap(new LinkedHashMap<>(byBackend));
    }

    /** With one more change; it is none if it only says what the configuration does. */
    OperatorChanges with(String backend, Change change) {
        Map<String, Change> next = new LinkedHashMap<>(byBackend);
        next.remove(backend);
        if (!change.configured.equals(change.wanted)) {
            next.put(backend, change);
        }
        return new OperatorChanges(next);
    }

    /** Those that still hold with this configuration. */
    OperatorChanges heldBy(List<BackendSpec> configured) {
        if (byBackend.isEmpty()) {
            return this;
        }
        Map<String, BackendSpec> byId = byId(configured);
        Map<String, Change> next = new LinkedHashMap<>(byBackend);
        next.entrySet().removeIf(each -> !each.getValue().holdsWith(Optional.ofNullable(byId.get(each.getKey()))));
        return new OperatorChanges(next);
    }

    /** The backends as they should be: those of the configuration, changed or left out, and those that were added. */
    List<BackendSpec> over(List<BackendSpec> configured) {
        if (byBackend.isEmpty()) {
            return configured;
        }
        List<BackendSpec> all = new ArrayList<>();
        for (BackendSpec each : configured) {
            Change change = byBackend.get(each.id());
            Optional.ofNullable(change)
                    .map(known -> known.fromAdmin().map(spec -> spec.withReadiness(each.readiness())))
                    .orElseGet(() -> Optional.of(each))
                    .ifPresent(all::add);
        }
        byBackend.values().stream()
                .filter(change -> change.configured.isEmpty())
                .flatMap(change -> change.fromAdmin().stream())
                .forEach(all::add);
        return all;
    }

    private static Map<String, BackendSpec> byId(List<BackendSpec> backends) {
        Map<String, BackendSpec> byId = new LinkedHashMap<>();
        backends.forEach(backend -> byId.put(backend.id(), backend));
        return byId;
    }

    /**
     * What became of one backend.
     *
     * @param configured what the configuration said of it; empty if it was added
     * @param wanted what the operator wants instead; empty if it was removed
     */
    record Change(Optional<BackendSpec> configured, Optional<BackendSpec> wanted) {

        /** Whether the configuration still says the same; what state a backend is in isn't its to say. */
        private boolean holdsWith(Optional<BackendSpec> now) {
            return now.isPresent() == configured.isPresent()
                    && now.filter(each -> !each.readsLike(configured.orElse(each)))
                            .isEmpty();
        }

        private Optional<BackendSpec> fromAdmin() {
            return wanted.map(spec -> spec.from(Source.ADMIN));
        }
    }
}
