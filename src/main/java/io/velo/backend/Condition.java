package io.velo.backend;

/**
 * Everything that decides a backend's state. Immutable.
 *
 * @param draining whether an operator or a reload takes it out of service
 * @param health what probes found
 * @param circuit where its breaker stands
 * @param warming whether it is in slow start
 * @param readiness what whoever found it says
 */
public record Condition(boolean draining, Health health, Circuit circuit, boolean warming, Readiness readiness) {

    /** Of a backend that nobody has anything to say against. */
    public Condition(boolean draining, Health health, Circuit circuit, boolean warming) {
        this(draining, health, circuit, warming, Readiness.READY);
    }

    /** The state by the order of precedence of {@link BackendState}. */
    public BackendState state() {
        if (draining || readiness == Readiness.LEAVING) {
            return BackendState.DRAINING;
        }
        if (!health.healthy() || readiness == Readiness.NOT_READY) {
            return BackendState.DOWN;
        }
        if (circuit != Circuit.CLOSED) {
            return circuit == Circuit.OPEN ? BackendState.EJECTED : BackendState.TRIAL;
        }
        return warming ? BackendState.WARMING : BackendState.UP;
    }

    /** This condition with another {@code draining}. */
    public Condition withDraining(boolean value) {
        return new Condition(value, health, circuit, warming, readiness);
    }

    /** This condition with another finding of the probes. */
    public Condition withHealth(Health value) {
        return new Condition(draining, value, circuit, warming, readiness);
    }

    /** This condition with the breaker in another position. */
    public Condition withCircuit(Circuit value) {
        return new Condition(draining, health, value, warming, readiness);
    }

    /** This condition in slow start or out of it. */
    public Condition withWarming(boolean value) {
        return new Condition(draining, health, circuit, value, readiness);
    }

    /** This condition with another word of whoever found the backend. */
    public Condition withReadiness(Readiness value) {
        return new Condition(draining, health, circuit, warming, value);
    }
}
