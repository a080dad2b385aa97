package io.velo.express;

import io.velo.pool.Pools;
import io.velo.route.ExplainRule;
import io.velo.route.RequestListener;
import io.velo.route.Routes;
import io.velo.wire.BackendConnections;
import io.velo.wire.Records;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What all exchanges of this lane share.
 *
 * @param trusted whether an address belongs to a trusted proxy
 * @param explain whose answers tell how they came about
 */
record ExpressLane(
        Routes routes,
        Pools pools,
        BackendConnections connections,
        List<RequestListener> listeners,
        Records records,
        Predicate<String> trusted,
        ExplainRule explain,
        LongSupplier nanos) {}
