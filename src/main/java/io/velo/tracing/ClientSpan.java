package io.velo.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.velo.backend.BackendSpec;
import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.pool.AttemptTrace;
import java.util.function.BiConsumer;

/** The span of one attempt, from the choice of the backend to the end of its answer. */
final class ClientSpan implements AttemptTrace {

    static final TextMapSetter<BiConsumer<String, String>> FIELDS = (fields, name, value) -> {
        if (fields != null) {
            fields.accept(name, value);
        }
    };

    private final TextMapPropagator propagator;
    private final Context context;
    private final Span span;
    private final BackendSpec backend;

    /**
     * @param context holds the span
     */
    ClientSpan(TextMapPropagator propagator, Context context, BackendSpec backend) {
        this.propagator = propagator;
        this.context = context;
        this.span = Span.fromContext(context);
        this.backend = backend;
    }

    @Override
    public void aimedAt(String target) {
        if (span.isRecording()) {
            String scheme = backend.secure() ? "https://" : "http://";
            span.setAttribute(Conventions.URL, scheme + backend.uri().getRawAuthority() + Target.of(target));
        }
    }

    @Override
    public void sent(BiConsumer<String, String> fields) {
        propagator.inject(context, fields, FIELDS);
    }

    @Override
    public void ended(Outcome outcome, int status) {
        if (status != 0) {
            span.setAttribute(Conventions.STATUS, (long) status);
        }
        String error = outcome.reason().map(Reason::word).orElse(status >= 400 ? Integer.toString(status) : "");
        if (!error.isEmpty()) {
            span.setAttribute(Conventions.ERROR, error);
        }
        boolean left = outcome.reason().filter(Reason.CLIENT_ABORTED::equals).isPresent();
        if (!error.isEmpty() && !left) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }
}
