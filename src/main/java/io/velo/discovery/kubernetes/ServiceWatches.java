package io.velo.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.velo.change.BackendFinder.Search;
import io.velo.change.Finding;
import io.velo.discovery.DiscoverySettings;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;

/** Watches services by one client: an informer for each. */
final class ServiceWatches {

    /** Names the service that a slice belongs to; whoever makes slices sets it. */
    private static final String SERVICE = "kubernetes.io/service-name";

    private final KubernetesClient client;
    private final DiscoverySettings settings;
    private final Scheduler timers;

    ServiceWatches(KubernetesClient client, DiscoverySettings settings, Scheduler timers) {
        this.client = client;
        this.settings = settings;
        this.timers = timers;
    }

    /** By the account of the Pod, or else by the kubeconfig of whoever started Velo. */
    static ServiceWatches open(DiscoverySettings settings, Scheduler timers) {
        KubernetesClient client = new KubernetesClientBuilder()
                .withHttpClientFactory(new JdkHttpClientFactory())
                .withConfig(tuned(Config.autoConfigure(null), settings))
                .build();
        return new ServiceWatches(client, settings, timers);
    }

    /** One try for each request: the informer goes on trying by itself, and tells of each failure. */
    static Config tuned(Config config, DiscoverySettings settings) {
        int timeout = (int) settings.timeout().toMillis();
        return new ConfigBuilder(config)
                .withUserAgent("velo")
                .withConnectionTimeout(timeout)
                .withRequestTimeout(timeout)
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectInterval((int) settings.minRefresh().toMillis())
                .build();
    }

    Search watch(ServicePlace place, Consumer<Finding> told) {
        ServicePlace whole = place.in(Optional.ofNullable(client.getNamespace()).orElse("default"));
        SharedIndexInformer<EndpointSlice> informer = client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(whole.namespace())
                .withLabel(SERVICE, whole.service())
                .runnableInformer(0);
        ServiceWatch watch = new ServiceWatch(whole, informer, settings, timers.createWorker(), told);
        watch.start();
        return watch;
    }

    void close() {
        client.close();
    }
}
