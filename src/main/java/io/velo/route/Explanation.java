package io.velo.route;

import io.velo.backend.Backend;
import io.velo.backend.Reason;
import io.velo.pool.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How one request was handled, as its own answer tells it: where it went and why there in {@link #FIELD}, how long each part
 * took in {@link #SERVER_TIMING}. Made only for requests whose clients are to be told. Its signals come one after another.
 */
public final class Explanation {

    /** A dictionary of RFC 9651; in a request it holds the token. */
    public static final String FIELD = "Velo-Explain";

    /** <a href="https://www.w3.org/TR/server-timing/">Server Timing</a>, in milliseconds up to the head of the answer. */
    public static final String SERVER_TIMING = "Server-Timing";

    private static final double NANOS_PER_MILLI = 1e6;

    private final Lane lane;
    private final String route;
    private final LongSupplier nanos;
    private final long startNanos;
    private final List<String> failures = new ArrayList<>(1);
    private volatile Optional<Attempt> attempt = Optional.empty();

    /**
     * @param nanos monotonic time; its first reading is the start of the request
     */
    public Explanation(Lane lane, String route, LongSupplier nanos) {
        this.lane = lane;
        this.route = route;
        this.nanos = nanos;
        this.startNanos = nanos.getAsLong();
    }

    /** This backend was picked; now the request waits for a connection to it. */
    public void picked(Pool pool, Backend backend) {
        int number = attempts() + 1;
        attempt = Optional.of(new Attempt(number, pool, backend, pool.eligible(), nanos.getAsLong(), 0));
    }

    private int attempts() {
        return attempt.map(Attempt::number).orElse(0);
    }

    /** There is a connection, and the request is sent. */
    public void connected() {
        attempt = attempt.map(waiting -> waiting.connectedAt(nanos.getAsLong()));
    }

    /** The attempt has failed. */
    public void failed(Reason why) {
        add(why.word());
    }

    /** The attempt was answered, but another one is made rather than pass this answer on. */
    public void answeredInVain(int status) {
        add("status " + status);
    }

    private void add(String failure) {
        String backend = attempt.map(each -> each.backend.id() + ": ").orElse("");
        failures.add(backend + failure);
    }

    /** Where it went and why there: the value of {@link #FIELD}. */
    public String told() {
        StringBuilder told = new StringBuilder("lane=").append(lane.word());
        told.append(", route=").append(quoted(route));
        attempt.ifPresent(last -> told.append(", pool=")
                .append(quoted(last.pool.name()))
                .append(", strategy=")
                .append(quoted(last.pool.spec().strategy()))
                .append(", eligible=")
                .append(last.eligible)
                .append(", backend=")
                .append(quoted(last.backend.id()))
                .append(", state=")
                .append(last.backend.state().word()));
        told.append(", attempts=").append(attempts());
        if (!failures.isEmpty()) {
            told.append(", failed=(")
                    .append(String.join(
                            " ", failures.stream().map(Explanation::quoted).toList()))
                    .append(')');
        }
        return told.toString();
    }

    /** How long its parts have taken so far: the value of {@link #SERVER_TIMING}. */
    public String timing() {
        long now = nanos.getAsLong();
        StringBuilder timing = new StringBuilder();
        attempt.ifPresent(last -> {
            boolean connected = last.connectedNanos != 0;
            part(timing, "pick", last.pickedNanos - startNanos);
            part(timing, "queue", (connected ? last.connectedNanos : now) - last.pickedNanos);
            if (connected) {
                part(timing, "backend", now - last.connectedNanos);
            }
        });
        part(timing, "total", now - startNanos);
        return timing.toString();
    }

    private static void part(StringBuilder timing, String name, long nanos) {
        timing.append(timing.isEmpty() ? "" : ", ")
                .append(name)
                .append(";dur=")
                .append(String.format(Locale.ROOT, "%.3f", Math.max(0, nanos) / NANOS_PER_MILLI));
    }

    /** A string of RFC 9651, which has printable ASCII only. */
    private static String quoted(String text) {
        String printable = text.replaceAll("[^ -~]", "?");
        return '"' + printable.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /**
     * The latest attempt.
     *
     * @param number 1 for the first
     * @param eligible how many backends were to be had
     * @param connectedNanos when there was a connection, 0 if there was none yet
     */
    private record Attempt(
            int number, Pool pool, Backend backend, int eligible, long pickedNanos, long connectedNanos) {

        Attempt connectedAt(long now) {
            return new Attempt(number, pool, backend, eligible, pickedNanos, now == 0 ? 1 : now);
        }
    }
}
