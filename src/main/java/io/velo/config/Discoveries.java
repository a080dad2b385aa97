package io.velo.config;

import io.velo.backend.MembershipListener;
import io.velo.change.BackendFinder;
import io.velo.change.Finding;
import io.velo.change.Searches;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.scheduler.Scheduler;

/**
 * Keeps a search going for each place that the configuration in force names, and has what they find put in force as a reload
 * is. What comes of searches is taken in one after another, and not on the threads on which they are made.
 */
final class Discoveries implements Searches, MembershipListener, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Discoveries.class);

    private final Map<String, BackendFinder> finders = new HashMap<>();
    private final LiveConfiguration live;
    private final Discovered discovered;
    private final Function<Place, PlaceReport> reports;
    private final Scheduler.Worker worker;
    private final Map<Place, Running> searches = new LinkedHashMap<>();
    private boolean running;

    /**
     * @param reports makes those who tell how a search is getting on
     * @param worker does one thing after the other, and may wait
     */
    Discoveries(
            List<BackendFinder> finders,
            LiveConfiguration live,
            Discovered discovered,
            Function<Place, PlaceReport> reports,
            Scheduler.Worker worker) {
        finders.forEach(finder -> finder.schemes().forEach(scheme -> this.finders.put(scheme, finder)));
        this.live = live;
        this.discovered = discovered;
        this.reports = reports;
        this.worker = worker;
    }

    /** Before the server takes requests. */
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public synchronized void start() {
        running = true;
        adjust();
    }

    @Override
    public synchronized void stop() {
        running = false;
        searches.values().forEach(Running::close);
        searches.clear();
        worker.dispose();
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    @Override
    public synchronized void changed() {
        if (running) {
            adjust();
        }
    }

    private void adjust() {
        Set<Place> wanted = live.places();
        searches.entrySet().removeIf(each -> {
            boolean over = !wanted.contains(each.getKey());
            if (over) {
                each.getValue().close();
                discovered.forget(each.getKey());
            }
            return over;
        });
        wanted.stream().filter(place -> !searches.containsKey(place)).forEach(this::begin);
    }

    private void begin(Place place) {
        PlaceReport report = reports.apply(place);
        BackendFinder finder = finders.get(place.where().getScheme());
        if (finder == null) {
            report.failed("nobody here knows " + place.where().getScheme());
            searches.put(place, new Running(report, () -> {}));
            return;
        }
        BackendFinder.Search search =
                finder.search(place.where(), finding -> worker.schedule(() -> take(place, report, finding)));
        searches.put(place, new Running(report, search));
    }

    private void take(Place place, PlaceReport report, Finding finding) {
        if (!isWanted(place, report)) {
            return;
        }
        if (finding instanceof Finding.Failed failed) {
            report.failed(failed.why());
        } else if (finding instanceof Finding.Found found) {
            boolean news = discovered.put(place, found.backends());
            report.found(found.backends().size());
            if (news) {
                refill(place.pool());
            }
        }
    }

    /** Without this object's lock: the one who puts it in force tells this object of it. */
    private void refill(String pool) {
        try {
            live.refill(pool);
        } catch (RuntimeException e) {
            log.error("what was found can't be put in force", e);
        }
    }

    private synchronized boolean isWanted(Place place, PlaceReport report) {
        Running search = searches.get(place);
        return search != null && search.report == report;
    }

    @Override
    public synchronized List<Status> of(String pool) {
        return searches.entrySet().stream()
                .filter(each -> each.getKey().pool().equals(pool))
                .map(each -> each.getValue().report.status())
                .sorted(Comparator.comparing(Status::place))
                .toList();
    }

    private record Running(PlaceReport report, BackendFinder.Search search) {

        void close() {
            search.close();
            report.close();
        }
    }
}
