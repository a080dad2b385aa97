package io.velo.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoutesTest {

    private final Routes routes = new Routes();

    @Test
    void areNoneAtFirst() {
        assertThat(routes.entries()).isEmpty();
        assertThat(routes.pools()).isEmpty();
    }

    @Test
    void keepTheirOrderAndNameEachPoolOnce() {
        routes.swap(List.of(entry("b", "api"), entry("a", "web"), entry("c", "api"), entry("d", null)));

        assertThat(routes.entries()).extracting(Routes.Entry::id).containsExactly("b", "a", "c", "d");
        assertThat(routes.pools()).containsExactlyInAnyOrder("api", "web");
    }

    @Test
    void areSwappedWhole() {
        routes.swap(List.of(entry("a", "api")));
        List<Routes.Entry> before = routes.entries();

        routes.swap(List.of(entry("b", "web")));

        assertThat(before).extracting(Routes.Entry::id).containsExactly("a");
        assertThat(routes.entries()).extracting(Routes.Entry::id).containsExactly("b");
    }

    @Test
    void dontFollowTheListTheyCameFrom() {
        List<Routes.Entry> mine = new ArrayList<>(List.of(entry("a", "api")));
        routes.swap(mine);

        mine.clear();

        assertThat(routes.entries()).hasSize(1);
    }

    private static Routes.Entry entry(String id, String pool) {
        return new Routes.Entry(id, Optional.ofNullable(pool), Lane.GATEWAY, "because");
    }
}
