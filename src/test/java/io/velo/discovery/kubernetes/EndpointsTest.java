package io.velo.discovery.kubernetes;

import static io.velo.discovery.kubernetes.Slices.hundred;
import static io.velo.discovery.kubernetes.Slices.pod;
import static io.velo.discovery.kubernetes.Slices.ready;
import static io.velo.discovery.kubernetes.Slices.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.velo.backend.Readiness;
import io.velo.change.FoundBackend;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of a service's slices. */
class EndpointsTest {

    private final Endpoints endpoints = at("http");

    private static Endpoints at(String port) {
        return new Endpoints(new ServicePlace("prod", "shop", port));
    }

    private static FoundBackend backend(String id, String uri, String zone) {
        return new FoundBackend(id, URI.create(uri), OptionalInt.empty(), zone);
    }

    @Test
    void takesOverPodPortAndZone() {
        assertThat(endpoints.of(List.of(slice("s", 8080, ready("shop-1", "10.0.0.1")))))
                .containsExactly(backend("shop-1:8080", "http://10.0.0.1:8080", "a"));
    }

    @Test
    void namesOneThatIsNoPodByItsAddress() {
        EndpointSlice slice = slice(
                "IPv6",
                "s",
                80,
                List.of(new EndpointBuilder().withAddresses("fd00::1").build()));

        assertThat(endpoints.of(List.of(slice))).containsExactly(backend("fd00::1:80", "http://[fd00::1]:80", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, READY",
        ", , READY",
        "false, false, NOT_READY",
        "false, , NOT_READY",
        "false, true, LEAVING",
        "true, true, LEAVING"
    })
    void takesOverItsState(Boolean ready, Boolean terminating, Readiness expected) {
        assertThat(endpoints.of(List.of(slice("s", 80, pod("p", "10.0.0.1", ready, terminating)))))
                .extracting(FoundBackend::readiness)
                .containsExactly(expected);
    }

    @Test
    void speaksHttp2WhereTheServiceSaysSo() {
        EndpointSlice slice = new EndpointSliceBuilder(slice("s", 80, ready("p", "10.0.0.1")))
                .editFirstPort()
                .withAppProtocol("kubernetes.io/h2c")
                .endPort()
                .build();

        assertThat(endpoints.of(List.of(slice)))
                .extracting(FoundBackend::uri)
                .containsExactly(URI.create("h2c://10.0.0.1:80"));
    }

    @Nested
    class SeveralSlices {

        @Test
        void areOneService() {
            assertThat(endpoints.of(List.of(
                            slice("s2", 8081, ready("b", "10.0.0.2")),
                            slice("s1", 8080, ready("a", "10.0.0.1"), ready("c", "10.0.0.3")))))
                    .extracting(FoundBackend::id)
                    .as("in the same order, whatever order they come in")
                    .containsExactly("a:8080", "c:8080", "b:8081");
        }

        @Test
        void mayNameTheSameOneTwice() {
            assertThat(endpoints.of(List.of(
                            slice("s1", 80, ready("a", "10.0.0.1")),
                            slice("s2", 80, ready("a", "10.0.0.1"), ready("b", "10.0.0.2")))))
                    .extracting(FoundBackend::id)
                    .containsExactly("a:80", "b:80");
        }

        @Test
        void ofBothKindsOfAddressesAreTheSamePods() {
            assertThat(endpoints.of(List.of(
                            slice("IPv6", "s1", 80, List.of(ready("a", "fd00::1"), ready("only6", "fd00::2"))),
                            slice("IPv4", "s2", 80, List.of(ready("a", "10.0.0.1"))))))
                    .extracting(each -> each.uri().toString())
                    .containsExactly("http://10.0.0.1:80", "http://[fd00::2]:80");
        }

        @Test
        void areReadAgainOnlyIfTheyChanged() {
            List<EndpointSlice> slices = new ArrayList<>(
                    IntStream.range(0, 100).mapToObj(Slices::hundred).toList());
            List<FoundBackend> before = endpoints.of(slices);
            EndpointSlice changed = hundred(7);
            changed.getEndpoints().get(3).getConditions().setReady(false);
            slices.set(7, changed);

            List<FoundBackend> after = endpoints.of(slices);

            assertThat(before).hasSize(10_000);
            assertThat(after).hasSameSizeAs(before);
            assertThat(IntStream.range(0, after.size()).filter(i -> after.get(i) != before.get(i)))
                    .as("made anew: those of one slice")
                    .hasSize(100);
            assertThat(IntStream.range(0, after.size())
                            .filter(i -> !after.get(i).equals(before.get(i)))
                            .mapToObj(i -> after.get(i).id()))
                    .containsExactly("pod-7-3:8080");
        }
    }

    @Nested
    class ThePort {

        @ParameterizedTest
        @CsvSource({"http, 1", "8080, 1", "80, 0", "https, 0", "808, 0"})
        void isMeantByNameOrNumber(String port, int found) {
            assertThat(at(port).of(List.of(slice("s", 8080, ready("a", "10.0.0.1")))))
                    .hasSize(found);
        }

        @Test
        void isOneOfSeveral() {
            EndpointSlice slice = new EndpointSliceBuilder(slice("s", 8080, ready("a", "10.0.0.1")))
                    .addNewPort()
                    .withName("admin")
                    .withPort(9090)
                    .endPort()
                    .addNewPort()
                    .withName("http3")
                    .withProtocol("UDP")
                    .withPort(443)
                    .endPort()
                    .build();

            assertThat(at("admin").of(List.of(slice)))
                    .extracting(FoundBackend::id)
                    .containsExactly("a:9090");
            assertThat(at("http3").of(List.of(slice))).as("HTTP goes by TCP").isEmpty();
        }

        @Test
        void mayBeAnyNumberIfTheSliceSaysSo() {
            EndpointSlice slice = new EndpointSliceBuilder(slice("s", 1, ready("a", "10.0.0.1")))
                    .editFirstPort()
                    .withPort(null)
                    .withName("")
                    .endPort()
                    .build();

            assertThat(at("7000").of(List.of(slice)))
                    .extracting(FoundBackend::id)
                    .containsExactly("a:7000");
        }

        @Test
        void thatIsNoneIsToldTogetherWithThoseThatAre() {
            Endpoints https = at("https");
            https.of(List.of(slice("s", 8080, ready("a", "10.0.0.1"))));

            assertThat(https.whyNone()).isEqualTo("service prod/shop has no port https at its Pods, but 8080 (http)");
        }

        @Test
        void isNotToBlameIfThereAreNoEndpoints() {
            endpoints.of(List.of(slice("s", 8080)));

            assertThat(endpoints.whyNone()).isEqualTo("service prod/shop has no endpoints");
        }
    }
}
