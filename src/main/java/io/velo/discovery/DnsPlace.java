package io.velo.discovery;

import io.netty.handler.codec.dns.DnsRecordType;
import io.velo.change.FoundBackend;
import io.velo.discovery.DnsLookups.Answered;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Looks at one place in the DNS: at a name's addresses, or at the addresses and ports of a service. Addresses are those of
 * IPv4, and only if there are none those of IPv6, so that a host with both isn't two backends. Each look asks anew.
 */
final class DnsPlace {

    private static final String SERVICE = "dns+srv";

    private final URI place;
    private final DnsLookups lookups;

    DnsPlace(URI place, DnsLookups lookups) {
        this.place = place;
        this.lookups = lookups;
    }

    Mono<Sighting> look() {
        return SERVICE.equals(place.getScheme())
                ? service(place.getRawAuthority())
                : addresses(place.getHost()).map(found -> sighting(found, place.getPort(), OptionalInt.empty()));
    }

    private Mono<List<Answered<byte[]>>> addresses(String name) {
        return lookups.records(name, DnsRecordType.A, DnsLookups::address)
                .filter(found -> !found.isEmpty())
                .switchIfEmpty(lookups.records(name, DnsRecordType.AAAA, DnsLookups::address));
    }

    private Mono<Sighting> service(String name) {
        return lookups.records(name, DnsRecordType.SRV, ServiceRecord::of).flatMap(this::atTargets);
    }

    /** Those of the first priority; the others are for when none of these answers, which here nobody finds out. */
    private Mono<Sighting> atTargets(List<Answered<ServiceRecord>> records) {
        int first =
                records.stream().mapToInt(each -> each.value().priority()).min().orElse(0);
        List<Answered<ServiceRecord>> preferred = records.stream()
                .filter(each -> each.value().priority() == first)
                .sorted(Comparator.comparing(
                        each -> each.value().target() + ":" + each.value().port()))
                .toList();
        int most =
                preferred.stream().mapToInt(each -> each.value().weight()).max().orElse(0);
        return Flux.fromIterable(preferred)
                .concatMap(each -> addresses(each.value().target()).map(found -> sighting(
                                found, each.value().port(), each.value().share(most))
                        .noLongerThan(each.ttlSeconds())))
                .collectList()
                .map(DnsPlace::together);
    }

    private static Sighting sighting(List<Answered<byte[]>> found, int port, OptionalInt weight) {
        List<FoundBackend> backends = found.stream()
                .map(each -> host(each.value()))
                .distinct()
                .sorted()
                .map(host -> new FoundBackend(idOf(host, port), URI.create("http://" + host + ":" + port), weight, ""))
                .toList();
        long ttl = found.stream().mapToLong(Answered::ttlSeconds).min().orElse(0);
        return new Sighting(backends, Duration.ofSeconds(ttl));
    }

    private static String host(byte[] address) {
        try {
            InetAddress parsed = InetAddress.getByAddress(address);
            return parsed instanceof Inet6Address ? "[" + parsed.getHostAddress() + "]" : parsed.getHostAddress();
        } catch (UnknownHostException e) { // of 4 or 16 bytes, or the decoder would have refused it
            throw new UncheckedIOException(e);
        }
    }

    private static String idOf(String host, int port) {
        return host.replaceAll("[\\[\\]]", "") + ":" + port;
    }

    private static Sighting together(List<Sighting> sightings) {
        List<FoundBackend> all = new ArrayList<>();
        sightings.forEach(each -> all.addAll(each.backends()));
        Duration shortest = sightings.stream()
                .filter(each -> !each.backends().isEmpty())
                .map(Sighting::goodFor)
                .min(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        return new Sighting(all.stream().distinct().toList(), shortest);
    }
}
