package io.velo.dashboard;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.velo.backend.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The timers of requests and of their attempts on backends. It is told of each timer once, when that is registered or
 * removed, so that reading them is no search through all meters. Thread-safe.
 */
final class RequestTimers {

    private static final String REQUESTS = "lb.requests";
    private static final String ATTEMPTS = "lb.backend.requests";

    private final Map<Meter.Id, Timed> requests = new ConcurrentHashMap<>();
    private final Map<Meter.Id, Timed> attempts = new ConcurrentHashMap<>();

    /** Listens to the registry from now on, and takes in what is there already. */
    static RequestTimers of(MeterRegistry registry) {
        RequestTimers timers = new RequestTimers();
        registry.config().onMeterAdded(timers::added).onMeterRemoved(timers::removed);
        registry.getMeters().forEach(timers::added);
        return timers;
    }

    private void added(Meter meter) {
        if (meter instanceof Timer timer) {
            timersOf(timer.getId()).put(timer.getId(), Timed.of(timer));
        }
    }

    private void removed(Meter meter) {
        timersOf(meter.getId()).remove(meter.getId());
    }

    private Map<Meter.Id, Timed> timersOf(Meter.Id id) {
        return switch (id.getName()) {
            case REQUESTS -> requests;
            case ATTEMPTS -> attempts;
            default -> new HashMap<>(); // nobody's
        };
    }

    /** What has ended since the start, by pool. */
    Map<String, Tally> byPool() {
        return tallies(requests, Timed::pool);
    }

    /** What has ended since the start on each backend. */
    Map<Owner, Tally> byBackend() {
        return tallies(attempts, timed -> new Owner(timed.pool, timed.backend));
    }

    private static <K> Map<K, Tally> tallies(Map<Meter.Id, Timed> timers, Function<Timed, K> key) {
        Map<K, Tally> tallies = new HashMap<>();
        timers.values().forEach(timed -> tallies.merge(key.apply(timed), timed.tally(), Tally::plus));
        return tallies;
    }

    /** A backend by name. */
    record Owner(String pool, String backend) {}

    private record Timed(Timer timer, String pool, String backend, String reason) {

        static Timed of(Timer timer) {
            return new Timed(timer, tag(timer, "pool"), tag(timer, "backend"), reason(timer));
        }

        /** A backend's own 5xx has no reason of Velo's; it goes by the name of its outcome. */
        private static String reason(Timer timer) {
            String outcome = tag(timer, "outcome");
            String reason = tag(timer, "reason");
            if (outcome.equals(Outcome.Kind.SERVER_ERROR.word())) {
                return outcome;
            }
            return outcome.equals(Outcome.Kind.FAILED.word()) ? (reason.isEmpty() ? outcome : reason) : "";
        }

        private static String tag(Timer timer, String key) {
            return Objects.requireNonNullElse(timer.getId().getTag(key), "");
        }

        Tally tally() {
            return Tally.of(timer, reason);
        }
    }
}
