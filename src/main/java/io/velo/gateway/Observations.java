package io.velo.gateway;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationPredicate;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Which of the platform's observations anybody wants. Those that {@code management.observations.enable} turns off aren't even
 * begun then; Velo's own meters don't rest on them.
 */
final class Observations {

    private static final String PLATFORM = "org.springframework.boot.micrometer.observation";

    private final ObservationRegistry registry;
    private final ObjectProvider<ObservationPredicate> predicates;

    Observations(ObservationRegistry registry, ObjectProvider<ObservationPredicate> predicates) {
        this.registry = registry;
        this.predicates = predicates;
    }

    /** Whether those of this name may be wanted. What an application's own predicate says depends on the request. */
    boolean wanted(String name) {
        return !registry.isNoop()
                && predicates.stream()
                        .filter(predicate ->
                                predicate.getClass().getPackageName().startsWith(PLATFORM))
                        .allMatch(predicate -> predicate.test(name, new Observation.Context()));
    }
}
