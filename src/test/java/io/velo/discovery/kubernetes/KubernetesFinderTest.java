package io.velo.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.change.BackendFinder.Search;
import io.velo.change.Finding;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Member;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

class KubernetesFinderTest {

    private static final URI SHOP = URI.create("kubernetes:///prod/shop:http");

    private final List<Finding> told = new ArrayList<>();

    /** Spring looks at each member of these at each start, and would load what is named there. */
    @ParameterizedTest
    @ValueSource(classes = {KubernetesFinder.class, KubernetesConfiguration.class})
    void namesNothingOfTheClient(Class<?> seenAtTheStart) {
        Stream<AnnotatedElement> members = Stream.of(
                        seenAtTheStart.getDeclaredFields(),
                        seenAtTheStart.getDeclaredMethods(),
                        seenAtTheStart.getDeclaredConstructors())
                .flatMap(Arrays::stream);

        assertThat(members.filter(Member.class::isInstance)).isNotEmpty().noneMatch(member -> member.toString()
                .contains("fabric8"));
    }

    @Test
    void tellsThatTheClientCannotBeSetUp() {
        KubernetesFinder finder = new KubernetesFinder(
                () -> {
                    throw new IllegalStateException("no such kubeconfig");
                },
                Schedulers.immediate());

        Search search = finder.search(SHOP, told::add);
        search.close();
        finder.destroy();

        assertThat(told)
                .containsExactly(new Finding.Failed("Kubernetes' client can't be set up: "
                        + "java.lang.IllegalStateException: no such kubeconfig"));
    }

    @ParameterizedTest
    @CsvSource({
        "kubernetes:///prod/shop:http, prod, shop, http",
        "kubernetes:///shop:8080, velo, shop, 8080",
        "kubernetes:///a-b/c-d:e-f, a-b, c-d, e-f"
    })
    void readsPlaces(String place, String namespace, String service, String port) {
        assertThat(ServicePlace.of(URI.create(place)).in("velo")).isEqualTo(new ServicePlace(namespace, service, port));
    }
}
