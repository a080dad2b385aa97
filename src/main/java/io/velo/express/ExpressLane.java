package io.velo.express;

import io.velo.access.Guard;
import io.velo.limit.Overload;
import io.velo.limit.RateLimits;
import io.velo.pool.Canaries;
import io.velo.pool.Pools;
import io.velo.route.ExplainRule;
import io.velo.route.RequestListener;
import io.velo.route.Routes;
import io.velo.route.SecondChances;
import io.velo.route.TermsByRoute;
import io.velo.tls.ClientCertificates;
import io.velo.websocket.Sessions;
import io.velo.wire.BackendConnections;
import io.velo.wire.Records;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What all exchanges of this lane share.
 *
 * @param guard says who may pass
 * @param chances which requests get another backend
 * @param trusted whether an address belongs to a trusted proxy
 * @param certificates whom clients have shown to be
 * @param explain whose answers tell how they came about
 */
record ExpressLane(
        Routes routes,
        Pools pools,
        Canaries canaries,
        Guard guard,
        BackendConnections connections,
        Sessions sessions,
        List<RequestListener> listeners,
        SecondChances chances,
        Records records,
        Predicate<String> trusted,
        ClientCertificates certificates,
        ExplainRule explain,
        RateLimits limits,
        TermsByRoute terms,
        Overload overload,
        LongSupplier nanos) {}
