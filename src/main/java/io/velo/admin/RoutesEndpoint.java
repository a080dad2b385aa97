package io.velo.admin;

import io.velo.route.Routes;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** {@code /actuator/routes}: every route, its pool, its lane, and why that lane. */
@Endpoint(id = "routes")
final class RoutesEndpoint {

    private final Routes routes;

    RoutesEndpoint(Routes routes) {
        this.routes = routes;
    }

    @ReadOperation
    RouteList routes() {
        return new RouteList(routes.table().routes().stream()
                .map(route ->
                        new RouteView(route.id(), route.pool(), route.lane().word(), route.why()))
                .toList());
    }

    record RouteList(List<RouteView> routes) {}

    record RouteView(String id, Optional<String> pool, String lane, String why) {}
}
