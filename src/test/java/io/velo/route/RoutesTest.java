package io.velo.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RoutesTest {

    private final Routes routes = new Routes();

    @Test
    void nameEachPoolOnce() {
        RouteTable table =
                new RouteTable(List.of(route("b", "api"), route("a", "web"), route("c", "api"), route("d", null)));

        assertThat(table.routes()).extracting(Route::id).containsExactly("b", "a", "c", "d");
        assertThat(table.pools()).containsExactlyInAnyOrder("api", "web");
    }

    @Test
    void areSwappedWhole() {
        routes.swap(new RouteTable(List.of(route("a", "api"))));
        RouteTable before = routes.table();

        routes.swap(new RouteTable(List.of(route("b", "web"))));

        assertThat(before.routes()).extracting(Route::id).containsExactly("a");
        assertThat(routes.table().routes()).extracting(Route::id).containsExactly("b");
    }

    @Test
    void dontFollowTheListTheyCameFrom() {
        List<Route> mine = new ArrayList<>(List.of(route("a", "api")));
        routes.swap(new RouteTable(mine));

        mine.clear();

        assertThat(routes.table().routes()).hasSize(1);
    }

    private static Route route(String id, @Nullable String pool) {
        return new Route(id, Optional.ofNullable(pool), Lane.GATEWAY, "because", request -> true, HeadEdits.NONE);
    }
}
