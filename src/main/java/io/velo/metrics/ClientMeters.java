package io.velo.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.velo.limit.Overload;
import io.velo.wire.ClientConnections;

/** Clients' connections and requests that were too many, {@code lb.client.*} and {@code lb.overload.*}. */
final class ClientMeters implements MeterBinder {

    private final ClientConnections connections;
    private final Overload overload;

    ClientMeters(ClientConnections connections, Overload overload) {
        this.connections = connections;
        this.overload = overload;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("lb.client.connections", connections, ClientConnections::open)
                .description("Connections of clients")
                .register(registry);
        FunctionCounter.builder("lb.client.connections.refused", connections, ClientConnections::refused)
                .description("Connections of clients that were refused because there were too many")
                .register(registry);
        Gauge.builder("lb.overload.pressure", overload, Overload::pressure)
                .description("0 if all is well, 1 if hardly anything can be answered")
                .register(registry);
        FunctionCounter.builder("lb.overload.shed", overload, Overload::shed)
                .description("Requests that were turned away because there was too much to do")
                .register(registry);
    }
}
