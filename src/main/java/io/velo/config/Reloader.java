package io.velo.config;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.velo.change.Reload;
import io.velo.change.Reload.Result;
import io.velo.change.Reloads;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/** Reloads the configuration, and tells in log, meters and endpoint what came of it. */
final class Reloader implements Reloads {

    private static final Logger log = LoggerFactory.getLogger("io.velo.config");

    private static final String RELOADS = "lb.config.reloads";

    private final Supplier<Candidate> candidates;
    private final LiveConfiguration live;
    private final Map<String, String> fixedAtStart;
    private final MeterRegistry meters;
    private final InstantSource clock;
    private volatile Optional<Reload> last = Optional.empty();
    private volatile List<String> warned = List.of();

    /**
     * @param candidates reads files, variables and flags
     * @param fixedAtStart what was read at the start and counts until the next
     */
    Reloader(
            Supplier<Candidate> candidates,
            LiveConfiguration live,
            Map<String, String> fixedAtStart,
            MeterRegistry meters,
            InstantSource clock) {
        this.candidates = candidates;
        this.live = live;
        this.fixedAtStart = fixedAtStart;
        this.meters = meters;
        this.clock = clock;
        for (Result result : Result.values()) {
            count(result, 0);
        }
        Gauge.builder("lb.config.last.reload.success", this, Reloader::lastSuccess)
                .description("1 unless the configuration was refused the last time that it was read")
                .register(meters);
    }

    private double lastSuccess() {
        return last.map(Reload::result).filter(Result.REFUSED::equals).isPresent() ? 0 : 1;
    }

    private void count(Result result, int times) {
        Counter.builder(RELOADS)
                .description("Changes of the configuration while running, by what came of them")
                .tag("result", result.word())
                .register(meters)
                .increment(times);
    }

    @Override
    public Optional<Reload> last() {
        return last;
    }

    @Override
    public Map<String, String> inForce() {
        Map<String, String> all = new LinkedHashMap<>(live.digest());
        all.putAll(FixedKeys.digests(fixedAtStart));
        return all;
    }

    @Override
    public synchronized Reload reload(String trigger) {
        Reload reload = attempt(trigger);
        last = Optional.of(reload);
        count(reload.result(), 1);
        tell(reload);
        return reload;
    }

    private Reload attempt(String trigger) {
        try {
            Candidate candidate = candidates.get();
            List<String> changes = live.adopt(candidate);
            List<String> needsRestart = FixedKeys.changed(fixedAtStart, candidate.fixed());
            Result result = changes.isEmpty() ? Result.UNCHANGED : Result.APPLIED;
            return new Reload(result, trigger, clock.instant(), List.of(), changes, needsRestart);
        } catch (InvalidConfigurationException e) {
            return refused(
                    trigger, e.problems().stream().map(ConfigProblem::toString).toList());
        } catch (RuntimeException e) { // no YAML, a missing file, a filter that isn't there
            String why = NestedExceptionUtils.getMostSpecificCause(e).getMessage();
            return refused(trigger, List.of(why == null ? e.toString() : why));
        }
    }

    private Reload refused(String trigger, List<String> problems) {
        return new Reload(Result.REFUSED, trigger, clock.instant(), problems, List.of(), List.of());
    }

    private void tell(Reload reload) {
        switch (reload.result()) {
            case REFUSED ->
                log.atError()
                        .addKeyValue("trigger", reload.trigger())
                        .log(
                                "configuration refused, the old one stays in force: {}",
                                String.join("; ", reload.problems()));
            case APPLIED ->
                log.atInfo()
                        .addKeyValue("trigger", reload.trigger())
                        .log("configuration reloaded: {}", String.join("; ", reload.changes()));
            default -> log.atDebug().addKeyValue("trigger", reload.trigger()).log("configuration unchanged");
        }
        if (!reload.needsRestart().isEmpty() && !reload.needsRestart().equals(warned)) {
            log.warn("changed in the configuration, but needs a restart: {}", String.join(", ", reload.needsRestart()));
        }
        warned = reload.result() == Result.REFUSED ? warned : reload.needsRestart();
    }
}
