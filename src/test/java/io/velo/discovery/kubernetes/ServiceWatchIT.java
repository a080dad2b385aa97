package io.velo.discovery.kubernetes;

import static io.velo.discovery.kubernetes.Slices.hundred;
import static io.velo.discovery.kubernetes.Slices.pod;
import static io.velo.discovery.kubernetes.Slices.ready;
import static io.velo.discovery.kubernetes.Slices.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.velo.backend.Readiness;
import io.velo.change.BackendFinder.Search;
import io.velo.change.Finding;
import io.velo.change.FoundBackend;
import io.velo.discovery.DiscoverySettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** Watches a service at an API server on loopback. */
class ServiceWatchIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ApiServer api = ApiServer.start();
    private final DiscoverySettings settings =
            new DiscoverySettings(List.of(), Duration.ofSeconds(2), Duration.ofMillis(50), Duration.ofSeconds(30));
    private final ServiceWatches watches = new ServiceWatches(
            new KubernetesClientBuilder()
                    .withHttpClientFactory(new JdkHttpClientFactory())
                    .withConfig(ServiceWatches.tuned(config(), settings))
                    .build(),
            settings,
            Schedulers.parallel());
    private final List<Finding> told = new CopyOnWriteArrayList<>();
    private Search search = () -> {};

    private Config config() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(api.url())
                .withNamespace("prod")
                .build();
    }

    @AfterEach
    void stop() {
        search.close();
        watches.close();
        api.close();
    }

    private void watch() {
        search = watches.watch(new ServicePlace("", "shop", "http"), told::add);
    }

    private List<FoundBackend> found() {
        return told.stream()
                .filter(Finding.Found.class::isInstance)
                .reduce((earlier, later) -> later)
                .map(each -> ((Finding.Found) each).backends())
                .orElse(List.of());
    }

    private void awaitFound(String... ids) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(found()).extracting(FoundBackend::id).containsExactly(ids));
    }

    private void awaitWatching() {
        await().atMost(PATIENCE).until(() -> api.watches() > 0);
    }

    private String lastProblem() {
        return told.stream()
                .filter(Finding.Failed.class::isInstance)
                .reduce((earlier, later) -> later)
                .map(each -> ((Finding.Failed) each).why())
                .orElse("");
    }

    @Test
    void followsWhatHappensToTheService() {
        api.put(slice("s1", 80, ready("a", "10.0.0.1")));
        watch();
        awaitFound("a:80");
        awaitWatching();

        api.put(slice("s2", 81, ready("b", "10.0.0.2")));
        awaitFound("a:80", "b:81");
        api.put(slice("s1", 80, pod("a", "10.0.0.1", false, true)));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(found())
                .extracting(FoundBackend::readiness)
                .containsExactly(Readiness.LEAVING, Readiness.READY));
        api.delete("s1");
        awaitFound("b:81");

        assertThat(api.lists()).singleElement().satisfies(path -> assertThat(path)
                .contains("/apis/discovery.k8s.io/v1/namespaces/prod/endpointslices")
                .contains("labelSelector=kubernetes.io%2Fservice-name%3Dshop"));
        assertThat(told).hasOnlyElementsOfType(Finding.Found.class);
    }

    @Test
    void tellsThatNobodyIsThere() {
        watch();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told)
                .startsWith(new Finding.Found(List.of()), new Finding.Failed("service prod/shop has no endpoints")));
        awaitWatching();

        api.put(slice("s1", 80, ready("a", "10.0.0.1")));

        awaitFound("a:80");
    }

    @Test
    void goesOnFromTheLastBookmarkWhenAWatchIsCut() {
        api.put(slice("s1", 80, ready("a", "10.0.0.1")));
        watch();
        awaitWatching();
        int bookmark = api.bookmark();
        api.cut();
        await().atMost(PATIENCE).until(() -> api.watchedFrom().size() >= 2);
        awaitWatching();

        api.put(slice("s1", 80, ready("a", "10.0.0.1"), ready("b", "10.0.0.2")));

        awaitFound("a:80", "b:80");
        assertThat(api.watchedFrom()).last().isEqualTo(bookmark);
        assertThat(api.lists()).as("nothing was asked for twice").hasSize(1);
        assertThat(told).hasOnlyElementsOfType(Finding.Found.class);
    }

    @Test
    void listsAnewWhenItsVersionIsTooOld() {
        api.put(slice("s1", 80, ready("a", "10.0.0.1")));
        api.put(slice("s2", 80, ready("b", "10.0.0.2")));
        watch();
        awaitFound("a:80", "b:80");
        awaitWatching();

        api.forget(slice("s3", 80, ready("c", "10.0.0.3")), "s1");
        api.cut();

        awaitFound("b:80", "c:80");
        assertThat(api.lists()).hasSize(2);
    }

    @Test
    void keepsWhatItFoundWhileTheServerIsLost() {
        api.put(slice("s1", 80, ready("a", "10.0.0.1")));
        watch();
        awaitFound("a:80");
        awaitWatching();

        api.goes();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(lastProblem())
                .isEqualTo("the API server doesn't let watch service prod/shop"));
        assertThat(found()).extracting(FoundBackend::id).containsExactly("a:80");
        api.put(slice("s1", 80, ready("b", "10.0.0.2")));
        api.comesBack();

        awaitFound("b:80");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(told).last().as("good again").isInstanceOf(Finding.Found.class));
    }

    @Test
    void tellsWhatItMayNot() {
        api.refuse(403);
        watch();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(lastProblem())
                .startsWith("the API server can't be asked for service prod/shop: ")
                .contains("User velo cannot list it"));
        assertThat(told).hasOnlyElementsOfType(Finding.Failed.class);

        api.put(slice("s1", 80, ready("a", "10.0.0.1")));
        api.refuse(0);

        awaitFound("a:80");
    }

    @Test
    void toldOfOneOfTenThousandReadsNoOtherSlice() {
        IntStream.range(0, 100).forEach(i -> api.put(hundred(i)));
        watch();
        await().atMost(PATIENCE).until(() -> found().size() == 10_000);
        awaitWatching();
        List<FoundBackend> before = found();

        EndpointSlice changed = hundred(42);
        changed.getEndpoints().get(7).getConditions().setReady(false);
        api.put(changed);
        await().atMost(PATIENCE)
                .until(() -> found().stream().anyMatch(each -> each.readiness() == Readiness.NOT_READY));

        List<FoundBackend> after = found();
        assertThat(after).hasSize(10_000);
        assertThat(IntStream.range(0, after.size()).filter(i -> after.get(i) != before.get(i)))
                .as("made anew: those of one slice")
                .hasSize(100);
        assertThat(told.size()).as("a hundred slices are few findings").isLessThan(50);
    }

    @Test
    void isOverWhenClosed() {
        watch();
        awaitWatching();
        search.close();
        int before = told.size();

        api.put(slice("s1", 80, ready("a", "10.0.0.1")));
        api.cut();

        await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> told.size() == before);
    }
}
