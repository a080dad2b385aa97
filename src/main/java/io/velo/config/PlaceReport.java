package io.velo.config;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.velo.change.Searches.Status;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells how the search at one place is getting on: a line when it begins to fail and when it mends, a meter for each look. */
final class PlaceReport {

    private static final Logger log = LoggerFactory.getLogger("io.velo.discovery");

    private final Place place;
    private final MeterRegistry meters;
    private final InstantSource clock;
    private final Counter found;
    private final Counter failed;
    private final Gauge success;
    private volatile Status status;

    PlaceReport(Place place, MeterRegistry meters, InstantSource clock) {
        this.place = place;
        this.meters = meters;
        this.clock = clock;
        this.status = new Status(place.where().toString(), 0, Optional.empty(), Optional.of("not looked yet"));
        this.found = counter("found");
        this.failed = counter("failed");
        this.success = Gauge.builder("lb.discovery.success", this, PlaceReport::isGood)
                .description("1 if the latest look for backends found some")
                .tags(tags())
                .register(meters);
    }

    private Counter counter(String result) {
        return Counter.builder("lb.discovery.lookups")
                .description("Looks for backends, by what came of them")
                .tags(tags().and("result", result))
                .register(meters);
    }

    private Tags tags() {
        return Tags.of("pool", place.pool(), "place", place.where().toString());
    }

    private double isGood() {
        return status.problem().isEmpty() ? 1 : 0;
    }

    Status status() {
        return status;
    }

    void found(int backends) {
        boolean mended = status.foundAt().isPresent() && status.problem().isPresent();
        Instant now = clock.instant();
        status = new Status(status.place(), backends, Optional.of(now), Optional.empty());
        found.increment();
        if (mended) {
            log.atInfo()
                    .addKeyValue("pool", place.pool())
                    .addKeyValue("place", place.where())
                    .addKeyValue("backends", backends)
                    .log("backends are found again");
        }
    }

    void failed(String why) {
        boolean news = status.problem().isEmpty() || (failed.count() == 0 && found.count() == 0);
        status = new Status(status.place(), status.backends(), status.foundAt(), Optional.of(why));
        failed.increment();
        if (news) {
            log.atWarn()
                    .addKeyValue("pool", place.pool())
                    .addKeyValue("place", place.where())
                    .addKeyValue("backends", status.backends())
                    .addKeyValue("reason", why)
                    .log(
                            status.backends() == 0
                                    ? "backends can't be found, trying on"
                                    : "backends can't be found, those found last stay");
        }
    }

    /** Its meters go. */
    void close() {
        meters.remove(found);
        meters.remove(failed);
        meters.remove(success);
    }
}
