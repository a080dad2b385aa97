package io.velo.strategy;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/** Offers a strategy under the names by which the configuration calls it. A bean of this type adds a strategy. */
public interface StrategyFactory {

    /** The name in {@code lb.strategy} and its aliases, lower case. */
    Set<String> names();

    /** A new strategy, for one pool or a part of it. */
    Strategy create(StrategyContext context);

    /** A factory from a name and a constructor, which is given a source of random numbers below its argument. */
    static StrategyFactory of(String name, Function<IntUnaryOperator, Strategy> constructor) {
        return of(Set.of(name), constructor);
    }

    /** A factory from names and a constructor, which is given a source of random numbers below its argument. */
    static StrategyFactory of(Set<String> names, Function<IntUnaryOperator, Strategy> constructor) {
        return inContext(names, context -> constructor.apply(context.randomBelow()));
    }

    /** A factory from names and a constructor that needs more than random numbers. */
    static StrategyFactory inContext(Set<String> names, Function<StrategyContext, Strategy> constructor) {
        return new StrategyFactory() {
            @Override
            public Set<String> names() {
                return names;
            }

            @Override
            public Strategy create(StrategyContext context) {
                return constructor.apply(context);
            }
        };
    }

    /** Those that Velo brings. */
    static List<StrategyFactory> own() {
        return List.of(roundRobin(), leastConnection(), powerOfTwoChoices(), leastTime(), random(), hash());
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

    /** {@code p2c}: of two drawn at random the one with fewer requests in flight per weight. */
    static StrategyFactory powerOfTwoChoices() {
        return of(Set.of("p2c", "power-of-two-choices", "power_of_two_choices"), PowerOfTwoChoices::new);
    }

    /** {@code random}: any, by weight. */
    static StrategyFactory random() {
        return of(Set.of("random"), RandomChoice::new);
    }

    /** {@code leasttime}: of two drawn at random the one that is likely to answer first. */
    static StrategyFactory leastTime() {
        return inContext(Set.of("leasttime", "least-time", "least_time"), LeastTime::new);
    }

    /** {@code hash}: the same one for the same key, as long as it isn't loaded above its share. */
    static StrategyFactory hash() {
        return inContext(Set.of("hash", "consistent-hash", "consistent_hash"), ConsistentHash::new);
    }
}
