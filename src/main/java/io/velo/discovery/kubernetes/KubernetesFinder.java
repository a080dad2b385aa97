package io.velo.discovery.kubernetes;

import io.velo.change.BackendFinder;
import io.velo.change.Finding;
import java.net.URI;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Finds the Pods of services. Its client is opened when there is something to find, and not on the thread that asks: that
 * takes some hundred milliseconds. No type of the client's is named in here, because Spring looks at this class at each start.
 */
final class KubernetesFinder implements BackendFinder, DisposableBean {

    private final Supplier<ServiceWatches> client;
    private final Scheduler opener;
    private @Nullable ServiceWatches watches;

    /**
     * @param client opens it
     * @param opener where that may take its time
     */
    KubernetesFinder(Supplier<ServiceWatches> client, Scheduler opener) {
        this.client = client;
        this.opener = opener;
    }

    @Override
    public Set<String> schemes() {
        return Set.of("kubernetes");
    }

    @Override
    public Search search(URI place, Consumer<Finding> told) {
        Disposable.Swap watch = Disposables.swap();
        opener.schedule(() -> begin(ServicePlace.of(place), told, watch));
        return watch::dispose;
    }

    /** One that was closed meanwhile ends at once: the swap sees to it. */
    private void begin(ServicePlace place, Consumer<Finding> told, Disposable.Swap watch) {
        try {
            Search begun = watches().watch(place, told);
            watch.update(begun::close);
        } catch (RuntimeException e) {
            told.accept(new Finding.Failed("Kubernetes' client can't be set up: " + e));
        }
    }

    private synchronized ServiceWatches watches() {
        ServiceWatches known = watches;
        if (known == null) {
            known = client.get();
            watches = known;
        }
        return known;
    }

    @Override
    public synchronized void destroy() {
        if (watches != null) {
            watches.close();
        }
    }
}
