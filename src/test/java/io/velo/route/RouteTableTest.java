package io.velo.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.velo.route.PathMatch.Extent;
import io.velo.testing.TestRequest;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RouteTableTest {

    private int asked;

    @Test
    void findsNothingInAnEmptyTable() {
        assertThat(RouteTable.EMPTY.find(TestRequest.get("/"))).isSameAs(Route.NONE);
    }

    @Test
    void takesTheFirstOfSeveralThatMatch() {
        RouteTable table = new RouteTable(List.of(
                route("late", path(Extent.EXACT, "a", "b")),
                route("narrow", path(Extent.EXACT, "a", "b")),
                route("wide", path(Extent.SUBTREE))));

        assertThat(table.find(TestRequest.get("/a/b")).id()).isEqualTo("late");
        assertThat(table.find(TestRequest.get("/a/c")).id()).isEqualTo("wide");
    }

    @Test
    void prefersAnEarlierWideRouteToALaterNarrowOne() {
        RouteTable table = new RouteTable(
                List.of(route("wide", path(Extent.SUBTREE)), route("narrow", path(Extent.EXACT, "a", "b"))));

        assertThat(table.find(TestRequest.get("/a/b")).id()).isEqualTo("wide");
    }

    @Test
    void goesOnToALaterRouteIfAnotherConditionFails() {
        RouteTable table = new RouteTable(List.of(
                route("post", path(Extent.EXACT, "a").and(RouteMatch.of(request -> request.method()
                        .equals("POST")))),
                route("any", path(Extent.SUBTREE))));

        assertThat(table.find(TestRequest.get("/a").by("POST")).id()).isEqualTo("post");
        assertThat(table.find(TestRequest.get("/a")).id()).isEqualTo("any");
    }

    @Test
    void looksAtRoutesWithoutAKnownConditionInTheirTurn() {
        RouteTable table = new RouteTable(List.of(
                route("first", path(Extent.EXACT, "a")),
                route("any", request -> true),
                route("never", path(Extent.EXACT, "b"))));

        assertThat(table.find(TestRequest.get("/a")).id()).isEqualTo("first");
        assertThat(table.find(TestRequest.get("/b")).id()).isEqualTo("any");
    }

    @Test
    void takesWhatIsReservedBeforeAllRoutesAndDoesNotListIt() {
        RouteTable table = new RouteTable(
                List.of(route("reserved", path(Extent.EXACT, "metrics"))), List.of(route("all", path(Extent.SUBTREE))));

        assertThat(table.find(TestRequest.get("/metrics")).id()).isEqualTo("reserved");
        assertThat(table.find(TestRequest.get("/metrics/x")).id()).isEqualTo("all");
        assertThat(table.routes()).extracting(Route::id).containsExactly("all");
    }

    @Test
    void leavesARequestToTheGatewayIfAConditionFailsToDecide() {
        RouteTable table = new RouteTable(List.of(
                route("broken", request -> {
                    throw new IllegalArgumentException("no");
                }),
                route("all", path(Extent.SUBTREE))));

        assertThat(table.find(TestRequest.get("/"))).isSameAs(Route.NONE);
    }

    @Test
    void asksOnlyTheRoutesOnTheWay() {
        List<Route> routes = new ArrayList<>();
        IntStream.range(0, 10_000)
                .mapToObj(i -> route("r" + i, path(Extent.SUBTREE, "r" + i).and(RouteMatch.of(this::count))))
                .forEach(routes::add);
        RouteTable table = new RouteTable(routes);

        assertThat(table.find(TestRequest.get("/r9999/x")).id()).isEqualTo("r9999");
        assertThat(table.find(TestRequest.get("/r5000;v=1/%20")).id()).isEqualTo("r5000");
        assertThat(table.find(TestRequest.get("/none"))).isSameAs(Route.NONE);

        assertThat(asked).isEqualTo(2);
    }

    @Test
    void asksOnlyTheRoutesOfTheHost() {
        List<Route> routes = IntStream.range(0, 10_000)
                .mapToObj(i -> route("r" + i, host("h" + i + ".test").and(RouteMatch.of(this::count))))
                .toList();
        RouteTable table = new RouteTable(routes);

        assertThat(table.find(TestRequest.get("/x").with("Host", "h77.test")).id())
                .isEqualTo("r77");
        assertThat(table.find(TestRequest.get("/x"))).isSameAs(Route.NONE);

        assertThat(asked).isEqualTo(1);
    }

    /** Counted by the JVM, so exact; what the JVM does once, at the first look-up, is let through. */
    @Test
    void allocatesNothingOnPlainPaths() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        RouteTable table = new RouteTable(IntStream.range(0, 1_000)
                .mapToObj(i -> route("r" + i, path(Extent.SUBTREE, "a", "r" + i)))
                .toList());
        TestRequest request = TestRequest.get("/a/r999/b/c");
        table.find(request);

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            table.find(request);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }

    private boolean count(RouteRequest request) {
        asked++;
        return true;
    }

    @Nested
    class OnPlainPaths {

        private final RouteTable table = new RouteTable(List.of(
                route("exact", undecided(Extent.EXACT, "a", "b")),
                route("slash", undecided(Extent.SLASH, "a", "b")),
                route("root", undecided(Extent.SLASH)),
                route("below", undecided(Extent.SUBTREE, "a"))));

        @Test
        void theTreeAloneDecides() {
            assertThat(found("/a/b")).isEqualTo("exact");
            assertThat(found("/a/b/")).isEqualTo("slash");
            assertThat(found("/")).isEqualTo("root");
            assertThat(found("/a")).isEqualTo("below");
            assertThat(found("/a/")).isEqualTo("below");
            assertThat(found("/a/b/c")).isEqualTo("below");
            assertThat(found("/ab")).isEqualTo("none");
            assertThat(found("/A/b")).isEqualTo("none");
            assertThat(found("/b/a")).isEqualTo("none");
        }

        private String found(String path) {
            return table.find(TestRequest.get(path)).id();
        }

        private RouteMatch undecided(Extent extent, String... segments) {
            return RouteMatch.ofPaths(List.of(new PathMatch(List.of(segments), extent, path -> {
                throw new AssertionError("asked");
            })));
        }
    }

    @Nested
    class OnOtherPaths {

        private final RouteTable table = new RouteTable(List.of(
                route("exact", path(Extent.EXACT, "a b", "c")),
                route("never", refusing("a b")),
                route("below", path(Extent.SUBTREE, "a b"))));

        @Test
        void thePatternsDecideAmongThoseOnTheWay() {
            assertThat(found("/a%20b/c")).isEqualTo("exact");
            assertThat(found("/a%20b;x=y/c;z")).isEqualTo("exact");
            assertThat(found("/a%20b//d")).isEqualTo("below");
            assertThat(found("/a%2/c")).isEqualTo("none");
            assertThat(found("*")).isEqualTo("none");
            assertThat(found("")).isEqualTo("none");
        }

        private String found(String path) {
            return table.find(TestRequest.get(path)).id();
        }

        private RouteMatch refusing(String segment) {
            return RouteMatch.ofPaths(List.of(new PathMatch(List.of(segment), Extent.SUBTREE, path -> false)));
        }
    }

    @Nested
    class OfHosts {

        private final RouteTable table = new RouteTable(List.of(
                route("any", path(Extent.EXACT, "first")),
                route("shop", host("shop.test", "www.shop.test").and(path(Extent.SUBTREE))),
                route("both", host("shop.test").and(host("api.test"))),
                route("rest", path(Extent.SUBTREE))));

        @Test
        void areLookedUp() {
            assertThat(found("shop.test", "/x")).isEqualTo("shop");
            assertThat(found("www.shop.test", "/x")).isEqualTo("shop");
            assertThat(found("www..shop.test", "/x")).as("an empty label").isEqualTo("shop");
            assertThat(found("shop.test", "/first"))
                    .as("an earlier route of no host")
                    .isEqualTo("any");
            assertThat(found("Shop.test", "/x")).as("case").isEqualTo("rest");
            assertThat(found("shop.test:80", "/x")).as("port").isEqualTo("rest");
            assertThat(found("api.test", "/x")).as("two conditions").isEqualTo("rest");
        }

        private String found(String host, String path) {
            return table.find(TestRequest.get(path).with("Host", host)).id();
        }
    }

    private static RouteMatch host(String... hosts) {
        return RouteMatch.ofHosts(Set.of(hosts));
    }

    private static RouteMatch path(Extent extent, String... segments) {
        return RouteMatch.ofPaths(List.of(new PathMatch(List.of(segments), extent, path -> true)));
    }

    private static Route route(String id, Predicate<RouteRequest> condition) {
        return new Route(id, Optional.empty(), Lane.EXPRESS, "because", condition, HeadEdits.NONE);
    }
}
