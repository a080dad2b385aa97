package io.velo.simulate;

/**
 * What is simulated.
 *
 * @param name for people
 * @param strategy as the configuration calls it, for {@code hash} with its factor: {@code hash 1.25}
 * @param servers how many there are
 * @param workers of each server
 * @param slowPart the part of them that is three times as slow
 * @param utilization requests ÷ what all servers together can do, 0 to 1
 * @param balancers instances of Velo that share the servers and know nothing of each other
 * @param frozen whether the first server stands still for two seconds
 * @param skew exponent of the Zipf distribution by which keys are asked for; 0 for all alike
 */
record Scenario(
        String name,
        String strategy,
        int servers,
        int workers,
        double slowPart,
        double utilization,
        int balancers,
        boolean frozen,
        double skew) {

    private static final int FEW_WORKERS = 4;

    static Scenario of(String name, String strategy, int servers) {
        return new Scenario(name, strategy, servers, FEW_WORKERS, 0, 0.7, 1, false, 0);
    }

    Scenario slow(double part) {
        return new Scenario(name, strategy, servers, workers, part, utilization, balancers, frozen, skew);
    }

    Scenario working(int each) {
        return new Scenario(name, strategy, servers, each, slowPart, utilization, balancers, frozen, skew);
    }

    Scenario utilized(double part) {
        return new Scenario(name, strategy, servers, workers, slowPart, part, balancers, frozen, skew);
    }

    Scenario by(int instances) {
        return new Scenario(name, strategy, servers, workers, slowPart, utilization, instances, frozen, skew);
    }

    Scenario freezing() {
        return new Scenario(name, strategy, servers, workers, slowPart, utilization, balancers, true, skew);
    }

    Scenario skewed(double exponent) {
        return new Scenario(name, strategy, servers, workers, slowPart, utilization, balancers, frozen, exponent);
    }
}
