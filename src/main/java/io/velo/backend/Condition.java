package io.velo.backend;

/**
 * Everything that decides a backend's state. Immutable.
 *
 * @param draining whether an operator or a reload takes it out of service
 * @param health what probes found
 * @param circuit where its breaker stands
 * @param warming whether it is in slow start
 */
public record Condition(boolean draining, Health health, Circuit circuit, boolean warming) {

    /** The state by the order of precedence of {@link BackendState}. */
    public BackendState state() {
        if (draining) {
            return BackendState.DRAINING;
        }
        if (!health.healthy()) {
            return BackendState.DOWN;
        }
        if (circuit != Circuit.CLOSED) {
            return circuit == Circuit.OPEN ? BackendState.EJECTED : BackendState.TRIAL;
        }
        return warming ? BackendState.WARMING : BackendState.UP;
    }

    /** This condition with another {@code draining}. */
    public Condition withDraining(boolean value) {
        return new Condition(value, health, circuit, warming);
    }

    /** This condition with another finding of the probes. */
    public Condition withHealth(Health value) {
        return new Condition(draining, value, circuit, warming);
    }

    /** This condition with the breaker in another position. */
    public Condition withCircuit(Circuit value) {
        return new Condition(draining, health, value, warming);
    }

    /** This condition in slow start or out of it. */
    public Condition withWarming(boolean value) {
        return new Condition(draining, health, circuit, value);
    }
}
