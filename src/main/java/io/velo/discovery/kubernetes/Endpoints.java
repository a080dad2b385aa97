package io.velo.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.velo.change.FoundBackend;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a service's slices, each once. Reads only those slices again that have changed; of the others come the
 * same backends as before. For one thread.
 */
final class Endpoints {

    /** IPv4 first, so that a Pod with both kinds of addresses is one backend there; then always in the same order. */
    private static final Comparator<EndpointSlice> ORDER = Comparator.<EndpointSlice, String>comparing(
                    slice -> String.valueOf(slice.getAddressType()))
            .thenComparing(slice -> slice.getMetadata().getName());

    private final ServicePlace place;
    private Map<String, Read> known = Map.of();

    Endpoints(ServicePlace place) {
        this.place = place;
    }

    /** All of these slices. */
    List<FoundBackend> of(List<EndpointSlice> slices) {
        Map<String, Read> next = new HashMap<>();
        Map<String, FoundBackend> byId = new LinkedHashMap<>();
        for (EndpointSlice slice : slices.stream().sorted(ORDER).toList()) {
            Read read = read(slice);
            next.put(slice.getMetadata().getName(), read);
            read.backends.forEach(backend -> byId.putIfAbsent(backend.id(), backend));
        }
        known = next;
        return List.copyOf(byId.values());
    }

    @SuppressWarnings("ReferenceEquality") // the informer keeps the object as long as there is no other version of it
    private Read read(EndpointSlice slice) {
        Read before = known.get(slice.getMetadata().getName());
        return before != null && before.slice == slice ? before : new Read(slice, backends(slice));
    }

    private List<FoundBackend> backends(EndpointSlice slice) {
        return listed(slice.getPorts()).stream()
                .filter(this::isMeant)
                .findFirst()
                .map(port -> new SliceReader(numberOf(port), port.getAppProtocol()))
                .map(reader -> listed(slice.getEndpoints()).stream()
                        .filter(endpoint -> !listed(endpoint.getAddresses()).isEmpty())
                        .map(reader::backend)
                        .toList())
                .orElse(List.of());
    }

    private boolean isMeant(EndpointPort port) {
        boolean tcp = port.getProtocol() == null || port.getProtocol().equals("TCP");
        boolean byNumber = place.port().matches("\\d+");
        return tcp
                && (byNumber
                        ? port.getPort() == null || place.port().equals(String.valueOf(port.getPort()))
                        : place.port().equals(port.getName()) && port.getPort() != null);
    }

    /** A slice without a number means each of them. */
    private int numberOf(EndpointPort port) {
        return port.getPort() == null ? Integer.parseInt(place.port()) : port.getPort();
    }

    /** Why there is nobody, for people. */
    String whyNone() {
        boolean any = known.values().stream()
                .anyMatch(each -> !listed(each.slice.getEndpoints()).isEmpty());
        String ports = known.values().stream()
                .flatMap(each -> listed(each.slice.getPorts()).stream())
                .map(port -> port.getPort() + (isNamed(port) ? " (" + port.getName() + ")" : ""))
                .collect(Collectors.collectingAndThen(
                        Collectors.toCollection(TreeSet::new), all -> String.join(", ", all)));
        return any
                ? place + " has no port " + place.port() + " at its Pods, but " + ports
                : place + " has no endpoints";
    }

    private static boolean isNamed(EndpointPort port) {
        return port.getName() != null && !port.getName().isEmpty();
    }

    private static <T> List<T> listed(@Nullable List<T> all) {
        return all == null ? List.of() : all;
    }

    /** A version of a slice, and what is in it. */
    private record Read(EndpointSlice slice, List<FoundBackend> backends) {}
}
