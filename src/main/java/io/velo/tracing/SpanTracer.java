package io.velo.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.velo.route.RequestRecord.Asked;
import io.velo.route.RequestTrace;
import io.velo.route.RequestTracer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Begins a span for each request, below the one that the client names in {@code traceparent}. Thread-safe. */
final class SpanTracer implements RequestTracer {

    private static final String PROTOCOL = "HTTP/";
    private static final TextMapGetter<Arrival> FIELDS = new Fields();

    private final Tracer tracer;
    private final TextMapPropagator propagator;

    /**
     * @param propagator reads and writes the fields by which a trace goes from one process to the next
     */
    SpanTracer(Tracer tracer, TextMapPropagator propagator) {
        this.tracer = tracer;
        this.propagator = propagator;
    }

    @Override
    public RequestTrace begin(Asked asked, Arrival arrival) {
        Context parent = propagator.extract(Context.root(), arrival, FIELDS);
        Span span = tracer.spanBuilder(Conventions.spanName(asked.method()))
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setAllAttributes(attributes(asked, arrival))
                .startSpan();
        return new ServerSpan(tracer, propagator, parent.with(span), asked.method());
    }

    private static Attributes attributes(Asked asked, Arrival arrival) {
        Target target = Target.of(asked.target());
        Authority authority = Authority.of(arrival.field().apply("host").orElse(""), arrival.secure());
        AttributesBuilder attributes = Attributes.builder();
        Conventions.method(attributes, asked.method());
        attributes.put(Conventions.SCHEME, arrival.secure() ? "https" : "http");
        Conventions.putIfAny(attributes, Conventions.PATH, target.path());
        Conventions.putIfAny(attributes, Conventions.QUERY, target.query());
        if (!authority.host().isEmpty()) {
            attributes.put(Conventions.SERVER, authority.host()).put(Conventions.PORT, authority.port());
        }
        if (asked.protocol().startsWith(PROTOCOL)) {
            attributes.put(Conventions.VERSION, asked.protocol().substring(PROTOCOL.length()));
        }
        Conventions.putIfAny(attributes, Conventions.USER_AGENT, asked.userAgent());
        return attributes
                .put(Conventions.CLIENT, asked.client())
                .put(Conventions.PEER, arrival.peer())
                .build();
    }

    /** The fields of a request, one by one; nobody needs all of them. */
    private static final class Fields implements TextMapGetter<Arrival> {

        @Override
        public Iterable<String> keys(Arrival arrival) {
            return List.of();
        }

        @Override
        public @Nullable String get(@Nullable Arrival arrival, String name) {
            return arrival == null ? null : arrival.field().apply(name).orElse(null);
        }
    }
}
