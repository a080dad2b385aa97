package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendSpec;
import io.velo.backend.BackendSpec.Source;
import io.velo.change.FoundBackend;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {

    private final PoolProperties pool = TestConfig.ofFile("""
            lb.backends:
              - http://10.0.0.1:80
              - { url: "dns://shop.test:80", weight: 3, zone: z, max-in-flight: 9 }
              - discovery://shop
            """).pool();

    private static FoundBackend found(String id, OptionalInt weight, String zone) {
        return new FoundBackend(id, URI.create("http://" + id), weight, zone);
    }

    @Test
    void isWhereBackendsAreLookedFor() {
        assertThat(Place.of("default", pool))
                .extracting(place -> place.where().toString())
                .containsExactly("dns://shop.test:80", "discovery://shop");
        assertThat(Settings.pool("default", pool, List.of(), "").backends())
                .extracting(BackendSpec::id)
                .containsExactly("10.0.0.1:80");
    }

    @Test
    void givesWhatIsFoundItsOwnSettings() {
        Discovered discovered = new Discovered();
        Place dns = new Place("default", URI.create("dns://shop.test:80"));
        List<FoundBackend> two =
                List.of(found("10.0.0.2:80", OptionalInt.empty(), ""), found("10.0.0.3:80", OptionalInt.of(5), "y"));

        assertThat(discovered.put(dns, two)).isTrue();
        assertThat(discovered.put(dns, List.copyOf(two))).isFalse();

        assertThat(discovered.of("default", pool))
                .containsExactly(
                        new BackendSpec("10.0.0.2:80", URI.create("http://10.0.0.2:80"), 3, 9, "z", Source.DISCOVERY),
                        new BackendSpec("10.0.0.3:80", URI.create("http://10.0.0.3:80"), 5, 9, "y", Source.DISCOVERY));
        assertThat(discovered.of("other", pool)).isEmpty();
        discovered.forget(dns);
        assertThat(discovered.of("default", pool)).isEmpty();
    }

    @Test
    void countsEachIdOnceAndTheListedFirst() {
        Discovered discovered = new Discovered();
        discovered.put(
                new Place("default", URI.create("dns://shop.test:80")),
                List.of(
                        found("10.0.0.1:80", OptionalInt.empty(), ""),
                        found("10.0.0.2:80", OptionalInt.empty(), "first")));
        discovered.put(
                new Place("default", URI.create("discovery://shop")),
                List.of(found("10.0.0.2:80", OptionalInt.empty(), "second")));

        assertThat(discovered.of("default", pool))
                .singleElement()
                .extracting(BackendSpec::zone)
                .isEqualTo("first");
    }

    @Test
    void hasNoIdOfItsOwn() {
        assertThat(TestConfig.ofFile("lb.backends: [ { url: \"dns://a:1\", id: x } ]")
                        .problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.key()).isEqualTo("lb.backends[0].id");
                    assertThat(problem.rule()).isEqualTo("is for one backend; those that are found have their own");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kubernetes:///prod/shop:http",
                "kubernetes:///shop:8080",
                "dns://shop.prod:80",
                "dns+srv://_http._tcp.shop",
                "discovery://shop"
            })
    void looksLikeThis(String url) {
        assertThat(Place.is(url)).isTrue();
        assertThat(Place.flaw(url)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kubernetes://prod/shop:http",
                "kubernetes:///prod/shop",
                "kubernetes:///a/b/c:1",
                "kubernetes:///prod/Shop:http",
                "dns://shop.prod",
                "discovery://a/b"
            })
    void doesNotLookLikeThis(String url) {
        assertThat(Place.flaw(url)).startsWith("must be " + url.substring(0, url.indexOf("://")) + "://");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.53, 10.0.0.53, 0",
        "10.0.0.53:5353, 10.0.0.53, 5353",
        "[fd00::53]:53, fd00::53, 53",
        "fd00::53, fd00::53, 0"
    })
    void nameserversAreAddresses(String text, String host, int port) {
        assertThat(NameserverAddress.parse(text)).isEqualTo(Optional.of(new NameserverAddress(host, port)));
    }
}
