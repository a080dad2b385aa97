package io.velo.discovery;

import io.velo.change.BackendFinder;
import io.velo.change.Finding;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Looks again whenever what was found has had its time, within the bounds of the settings; after a failure soon, then ever
 * later. One look at a time.
 */
final class RepeatedSearch implements BackendFinder.Search {

    private final Mono<Sighting> look;
    private final DiscoverySettings settings;
    private final Scheduler timers;
    private final Consumer<Finding> told;
    private Disposable timer = Disposables.disposed();
    private final Disposable.Swap present = Disposables.swap();
    private boolean looking;
    private boolean hurried;
    private boolean closed;
    private int failures;

    /**
     * @param look one look
     */
    RepeatedSearch(Mono<Sighting> look, DiscoverySettings settings, Scheduler timers, Consumer<Finding> told) {
        this.look = look;
        this.settings = settings;
        this.timers = timers;
        this.told = told;
    }

    /** Looks at once; if it is just looking, once more when it is done. */
    synchronized void hurry() {
        if (looking) {
            hurried = true;
        } else if (!closed) {
            begin();
        }
    }

    private void begin() {
        looking = true;
        hurried = false;
        timer.dispose();
        present.replace(
                look.timeout(settings.timeout(), timers).subscribe(this::found, this::failed, this::foundNobody));
    }

    private void found(Sighting sighting) {
        if (sighting.backends().isEmpty()) {
            foundNobody();
            return;
        }
        told.accept(new Finding.Found(sighting.backends()));
        ended(sighting.goodFor(), 0);
    }

    private void foundNobody() {
        if (isLooking()) { // otherwise it is the end of a look that found somebody
            told.accept(new Finding.Failed("nobody is there"));
            ended(Duration.ZERO, failures + 1);
        }
    }

    private synchronized boolean isLooking() {
        return looking;
    }

    private void failed(Throwable cause) {
        told.accept(new Finding.Failed(why(cause)));
        ended(Duration.ZERO, failures + 1);
    }

    private String why(Throwable cause) {
        if (cause instanceof TimeoutException) {
            return "no answer within " + settings.timeout().toMillis() + " ms";
        }
        @Nullable String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }

    private synchronized void ended(Duration goodFor, int failuresNow) {
        looking = false;
        failures = failuresNow;
        if (closed) {
            return;
        }
        long wait = hurried ? 0 : failures == 0 ? within(goodFor.toMillis()) : afterFailure();
        timer = timers.schedule(this::hurry, wait, TimeUnit.MILLISECONDS);
    }

    private long within(long millis) {
        return Math.min(
                settings.maxRefresh().toMillis(), Math.max(settings.minRefresh().toMillis(), millis));
    }

    /** The shortest time, then twice as long each time. */
    private long afterFailure() {
        return within(settings.minRefresh().toMillis() << Math.min(failures - 1, Short.SIZE));
    }

    @Override
    public synchronized void close() {
        closed = true;
        timer.dispose();
        present.dispose();
    }
}
