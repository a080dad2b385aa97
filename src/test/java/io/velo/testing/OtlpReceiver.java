package io.velo.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Takes spans by OTLP over HTTP, as a collector does. */
public final class OtlpReceiver implements Closeable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpServer server;
    private final List<Seen> spans = new CopyOnWriteArrayList<>();

    public OtlpReceiver() {
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
            request.getResourceSpansList().forEach(this::add);
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private void add(ResourceSpans sent) {
        String service = (String) values(sent.getResource().getAttributesList()).get("service.name");
        sent.getScopeSpansList().stream()
                .flatMap(scope -> scope.getSpansList().stream())
                .forEach(span -> spans.add(Seen.of(service, span)));
    }

    /** The properties that make Velo send every span here, and soon. */
    public String[] properties() {
        return new String[] {
            "management.opentelemetry.tracing.export.otlp.endpoint=http://127.0.0.1:"
                    + server.getAddress().getPort() + "/v1/traces",
            "management.opentelemetry.tracing.export.schedule-delay=20ms",
            "management.tracing.sampling.probability=1.0"
        };
    }

    /** Waits for the span of the request to this path. */
    public Seen server(String path) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(spans).as("spans of %s", path).anyMatch(span -> path.equals(span.path())));
        return spans.stream()
                .filter(span -> path.equals(span.path()))
                .findFirst()
                .orElseThrow();
    }

    /** The same with as many spans right below it, in order. */
    public List<Seen> trace(String path, int attempts) {
        Seen server = server(path);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(below(server))
                .as("spans below that of %s", path)
                .hasSize(attempts));
        return Stream.concat(Stream.of(server), below(server).stream()).toList();
    }

    private List<Seen> below(Seen server) {
        return spans.stream()
                .filter(span -> span.parent().equals(server.id()))
                .sorted(Comparator.comparingLong(Seen::start))
                .toList();
    }

    /** Whether any span of a trace has come. */
    public boolean knows(String traceId) {
        return spans.stream().anyMatch(span -> span.traceId().equals(traceId));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static Map<String, Object> values(List<KeyValue> attributes) {
        return attributes.stream().collect(Collectors.toMap(KeyValue::getKey, each -> value(each.getValue())));
    }

    private static Object value(AnyValue value) {
        return value.hasIntValue() ? (Object) value.getIntValue() : value.getStringValue();
    }

    /**
     * A span.
     *
     * @param parent id of the span above, empty if there is none
     * @param start nanoseconds since 1970
     * @param end nanoseconds since 1970
     */
    public record Seen(
            String service,
            String traceId,
            String id,
            String parent,
            String name,
            Span.SpanKind kind,
            Status.StatusCode status,
            long start,
            long end,
            Map<String, Object> attributes) {

        private Object path() {
            return attributes.get("url.path");
        }

        private static Seen of(String service, Span span) {
            HexFormat hex = HexFormat.of();
            return new Seen(
                    service,
                    hex.formatHex(span.getTraceId().toByteArray()),
                    hex.formatHex(span.getSpanId().toByteArray()),
                    hex.formatHex(span.getParentSpanId().toByteArray()),
                    span.getName(),
                    span.getKind(),
                    span.getStatus().getCode(),
                    span.getStartTimeUnixNano(),
                    span.getEndTimeUnixNano(),
                    values(span.getAttributesList()));
        }
    }
}
