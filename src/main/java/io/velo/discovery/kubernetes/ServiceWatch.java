package io.velo.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.velo.change.BackendFinder;
import io.velo.change.Finding;
import io.velo.change.FoundBackend;
import io.velo.discovery.DiscoverySettings;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Follows the slices of one service. News that come within a moment are told together, so that thousands of endpoints that
 * begin at once are no thousands of findings. As long as the API server is lost, what was found last stays.
 */
final class ServiceWatch implements BackendFinder.Search, ResourceEventHandler<EndpointSlice> {

    private static final long MOMENT_MILLIS = 50;

    private final ServicePlace place;
    private final SharedIndexInformer<EndpointSlice> informer;
    private final DiscoverySettings settings;
    private final Scheduler.Worker worker;
    private final Consumer<Finding> told;
    private final Endpoints endpoints;
    private final AtomicBoolean due = new AtomicBoolean();
    private boolean lost; // this and the next are the worker's
    private long silentMillis;

    /**
     * @param informer not started yet
     * @param worker does one thing after the other
     */
    ServiceWatch(
            ServicePlace place,
            SharedIndexInformer<EndpointSlice> informer,
            DiscoverySettings settings,
            Scheduler.Worker worker,
            Consumer<Finding> told) {
        this.place = place;
        this.informer = informer;
        this.settings = settings;
        this.worker = worker;
        this.told = told;
        this.endpoints = new Endpoints(place);
    }

    void start() {
        informer.exceptionHandler((started, failure) -> {
            worker.schedule(() -> lost(words(failure)));
            return true; // tries on
        });
        informer.addEventHandler(this);
        informer.start();
        long period = settings.minRefresh().toMillis();
        worker.schedulePeriodically(() -> look(period), period, period, TimeUnit.MILLISECONDS);
    }

    @Override
    public void onAdd(EndpointSlice slice) {
        news();
    }

    @Override
    public void onUpdate(EndpointSlice before, EndpointSlice after) {
        news();
    }

    @Override
    public void onDelete(EndpointSlice slice, boolean stateUnknown) {
        news();
    }

    /** There is no slice at all. */
    @Override
    public void onNothing() {
        news();
    }

    private void news() {
        if (due.compareAndSet(false, true)) {
            worker.schedule(this::tell, MOMENT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void tell() {
        due.set(false);
        if (informer.lastSyncResourceVersion() == null) {
            news(); // the first list isn't whole yet
            return;
        }
        List<FoundBackend> found = endpoints.of(informer.getStore().list());
        told.accept(new Finding.Found(found));
        if (found.isEmpty()) {
            told.accept(new Finding.Failed(endpoints.whyNone()));
        }
    }

    /** A watch that ends begins again as a rule; one that is away for longer is worth a warning. */
    private void look(long period) {
        if (isWatching()) {
            silentMillis = 0;
            if (lost) {
                lost = false;
                news();
            }
        } else {
            silentMillis += period;
            if (!lost && silentMillis >= settings.timeout().toMillis()) {
                lost("the API server doesn't let watch " + place);
            }
        }
    }

    private synchronized boolean isWatching() {
        return informer.isRunning() && informer.isWatching();
    }

    private void lost(String why) {
        lost = true;
        told.accept(new Finding.Failed(why));
    }

    private String words(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof KubernetesClientException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        @Nullable String message = cause.getMessage();
        return "the API server can't be asked for " + place + ": " + (message == null ? cause.toString() : message);
    }

    @Override
    public synchronized void close() {
        worker.dispose();
        informer.stop();
    }
}
