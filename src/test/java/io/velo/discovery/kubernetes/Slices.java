package io.velo.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import java.util.stream.IntStream;

/** EndpointSlices for tests. */
final class Slices {

    private Slices() {}

    /** Of the service shop with the port http. */
    static EndpointSlice slice(String name, int port, Endpoint... endpoints) {
        return slice("IPv4", name, port, List.of(endpoints));
    }

    static EndpointSlice slice(String type, String name, int port, List<Endpoint> endpoints) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("prod")
                .addToLabels("kubernetes.io/service-name", "shop")
                .endMetadata()
                .withAddressType(type)
                .addNewPort()
                .withName("http")
                .withProtocol("TCP")
                .withPort(port)
                .endPort()
                .withEndpoints(endpoints)
                .build();
    }

    /** One of a Pod, in zone a. */
    static Endpoint pod(String name, String address, Boolean ready, Boolean terminating) {
        return new EndpointBuilder()
                .withAddresses(address)
                .withZone("a")
                .withNewTargetRef()
                .withKind("Pod")
                .withName(name)
                .endTargetRef()
                .withNewConditions()
                .withReady(ready)
                .withServing(ready)
                .withTerminating(terminating)
                .endConditions()
                .build();
    }

    static Endpoint ready(String name, String address) {
        return pod(name, address, true, false);
    }

    /** A service of a hundred Pods each. */
    static EndpointSlice hundred(int number) {
        return slice(
                "IPv4",
                "shop-" + number,
                8080,
                IntStream.range(0, 100)
                        .mapToObj(i -> ready("pod-" + number + "-" + i, "10." + number + ".0." + i))
                        .toList());
    }
}
