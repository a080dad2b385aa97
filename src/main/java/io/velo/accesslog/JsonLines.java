package io.velo.accesslog;

import ch.qos.logback.core.encoder.EncoderBase;
import io.velo.backend.Reason;
import io.velo.route.RequestRecord;
import io.velo.route.RequestRecord.Answered;
import io.velo.route.RequestRecord.Asked;
import io.velo.route.RequestRecord.Way;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * A JSON object a line, of ASCII alone. Each has all fields, in the same order; what there isn't is {@code null}. Times are
 * whole microseconds. For one thread.
 */
final class JsonLines extends EncoderBase<RequestRecord> {

    private static final byte[] NOTHING = {};

    private final JsonFactory json =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private final Seconds seconds = new Seconds("uuuu-MM-dd'T'HH:mm:ss");
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(RequestRecord request) {
        line.reset();
        try (JsonGenerator fields = json.createGenerator(ObjectWriteContext.empty(), line)) {
            fields.writeStartObject();
            write(request.asked(), fields);
            write(request.answered(), fields);
            write(request.way(), fields);
            writeText("trace_id", request.asked().traceId(), fields);
            fields.writeEndObject();
        }
        line.write('\n');
        return line.toByteArray();
    }

    private void write(Asked asked, JsonGenerator fields) {
        fields.writeStringProperty("time", time(asked.time()));
        writeText("client", asked.client(), fields);
        writeText("method", asked.method(), fields);
        writeText("target", asked.target(), fields);
        writeText("protocol", asked.protocol(), fields);
    }

    private String time(Instant time) {
        int millis = time.get(ChronoField.MILLI_OF_SECOND);
        return seconds.of(time) + (millis < 10 ? ".00" : millis < 100 ? ".0" : ".") + millis + "Z";
    }

    private static void write(Answered answered, JsonGenerator fields) {
        fields.writeNumberProperty("status", answered.status());
        fields.writeNumberProperty("bytes_in", answered.bytesIn());
        fields.writeNumberProperty("bytes_out", answered.bytesOut());
        writeMicros("duration_us", answered.nanos(), fields);
        writeMicros("first_byte_us", answered.firstByteNanos(), fields);
    }

    private static void write(Way way, JsonGenerator fields) {
        writeMicros("connect_us", way.connectNanos(), fields);
        writeText("route", way.route(), fields);
        writeText("pool", way.pool(), fields);
        writeText("backend", way.backend(), fields);
        fields.writeNumberProperty("attempts", way.attempts());
        fields.writeStringProperty("lane", way.lane().word());
        writeText("reason", way.reason().map(Reason::word).orElse(""), fields);
    }

    private static void writeText(String name, String text, JsonGenerator fields) {
        if (text.isEmpty()) {
            fields.writeNullProperty(name);
        } else {
            fields.writeStringProperty(name, text);
        }
    }

    private static void writeMicros(String name, long nanos, JsonGenerator fields) {
        if (nanos == RequestRecord.UNKNOWN) {
            fields.writeNullProperty(name);
        } else {
            fields.writeNumberProperty(name, TimeUnit.NANOSECONDS.toMicros(nanos));
        }
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
