package io.velo.strategy;

import java.util.Set;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/** Offers a strategy under the names by which the configuration calls it. A bean of this type adds a strategy. */
public interface StrategyFactory {

    /** The name in {@code lb.strategy} and its aliases, lower case. */
    Set<String> names();

    /**
     * A new strategy for one pool.
     *
     * @param randomBelow gives a random number from 0 to its argument, exclusive
     */
    Strategy create(IntUnaryOperator randomBelow);

    /** A factory from a name and a constructor. */
    static StrategyFactory of(String name, Function<IntUnaryOperator, Strategy> constructor) {
        return of(Set.of(name), constructor);
    }

    /** A factory from names and a constructor. */
    static StrategyFactory of(Set<String> names, Function<IntUnaryOperator, Strategy> constructor) {
        return new StrategyFactory() {
            @Override
            public Set<String> names() {
                return names;
            }

            @Override
            public Strategy create(IntUnaryOperator randomBelow) {
                return constructor.apply(randomBelow);
            }
        };
    }

    /** {@code roundrobin}: each in turn, smoothly weighted. */
    static StrategyFactory roundRobin() {
        return of(Set.of("roundrobin", "round-robin", "round_robin", "rr"), RoundRobin::new);
    }

    /** {@code leastconnection}: the fewest requests in flight per weight. */
    static StrategyFactory leastConnection() {
        return of(
                Set.of("leastconnection", "least-connection", "least_connection", "leastconn", "least_conn"),
                LeastConnection::new);
    }
}
