package io.velo.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.velo.backend.BackendSpec;
import io.velo.backend.Reason;
import io.velo.pool.AttemptTrace;
import io.velo.pool.AttemptTracer;
import io.velo.pool.Lease;
import io.velo.route.Lane;
import io.velo.route.RequestRecord;
import io.velo.route.RequestRecord.Way;
import io.velo.route.RequestTrace;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** The span of one request, from its head to the end of its answer. */
final class ServerSpan implements RequestTrace {

    private final Tracer tracer;
    private final TextMapPropagator propagator;
    private final Context context;
    private final Span span;
    private final String method;
    private final AtomicInteger attempts = new AtomicInteger();

    /**
     * @param context holds the span
     */
    ServerSpan(Tracer tracer, TextMapPropagator propagator, Context context, String method) {
        this.tracer = tracer;
        this.propagator = propagator;
        this.context = context;
        this.span = Span.fromContext(context);
        this.method = method;
    }

    @Override
    public String traceId() {
        return span.getSpanContext().getTraceId();
    }

    @Override
    public AttemptTracer on(Lane lane) {
        return lease -> attempt(lane, lease);
    }

    private AttemptTrace attempt(Lane lane, Lease lease) {
        BackendSpec spec = lease.backend().spec();
        Authority authority = Authority.of(spec.uri().getRawAuthority(), spec.secure());
        AttributesBuilder attributes = Attributes.builder()
                .put(Conventions.SERVER, authority.host())
                .put(Conventions.PORT, authority.port())
                .put(Conventions.VERSION, "h2c".equals(spec.uri().getScheme()) ? "2" : "1.1")
                .put(Conventions.POOL, lease.pool().name())
                .put(Conventions.BACKEND, spec.id())
                .put(Conventions.LANE, lane.word());
        Conventions.method(attributes, method);
        int before = attempts.getAndIncrement();
        if (before > 0) {
            attributes.put(Conventions.RESENDS, before);
        }
        Span attempt = tracer.spanBuilder(Conventions.spanName(method))
                .setParent(context)
                .setSpanKind(SpanKind.CLIENT)
                .setAllAttributes(attributes.build())
                .startSpan();
        return new ClientSpan(propagator, context.with(attempt), spec);
    }

    @Override
    public void passed(BiConsumer<String, String> fields) {
        propagator.inject(context, fields, ClientSpan.FIELDS);
    }

    @Override
    public void recorded(RequestRecord request) {
        if (span.isRecording()) {
            tell(request);
        }
        span.end();
    }

    private void tell(RequestRecord request) {
        Way way = request.way();
        int status = request.answered().status();
        boolean left = way.reason().filter(Reason.CLIENT_ABORTED::equals).isPresent();
        AttributesBuilder attributes = wayOf(way);
        if (request.answered().firstByteNanos() != RequestRecord.UNKNOWN && !left) {
            attributes.put(Conventions.STATUS, status);
        }
        String error = way.reason().map(Reason::word).orElse(failed(status) ? Integer.toString(status) : "");
        Conventions.putIfAny(attributes, Conventions.ERROR, error);
        span.setAllAttributes(attributes.build());
        if (!left
                && (failed(status) || way.reason().filter(Reason::blamesBackend).isPresent())) {
            span.setStatus(StatusCode.ERROR);
        }
        if (!way.route().isEmpty()) {
            span.updateName(Conventions.spanName(method) + " " + way.route());
        }
    }

    /** What a client does wrong is no error of the server's. */
    private static boolean failed(int status) {
        return status >= 500;
    }

    private static AttributesBuilder wayOf(Way way) {
        AttributesBuilder attributes =
                Attributes.builder().put(Conventions.LANE, way.lane().word()).put(Conventions.ATTEMPTS, way.attempts());
        Conventions.putIfAny(attributes, Conventions.ROUTE, way.route());
        Conventions.putIfAny(attributes, Conventions.POOL, way.pool());
        Conventions.putIfAny(attributes, Conventions.BACKEND, way.backend());
        return attributes;
    }
}
