package io.velo.admin;

import io.velo.change.Reload;
import io.velo.change.Reload.Result;
import io.velo.change.Reloads;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * {@code /actuator/refresh}: POST reads the configuration anew, GET tells what came of the last time. It changes nothing that
 * the file doesn't say, so it needs no token. In place of Spring Cloud's own endpoint of the name.
 */
@Endpoint(id = "refresh")
final class RefreshEndpoint {

    private static final int REFUSED = 422;

    private final Reloads reloads;

    RefreshEndpoint(Reloads reloads) {
        this.reloads = reloads;
    }

    @WriteOperation
    WebEndpointResponse<ReloadView> refresh() {
        Reload reload = reloads.reload("endpoint");
        int status = reload.result() == Result.REFUSED ? REFUSED : WebEndpointResponse.STATUS_OK;
        return new WebEndpointResponse<>(ReloadView.of(reload), status);
    }

    @ReadOperation
    Status status() {
        return new Status(reloads.last().map(ReloadView::of), reloads.inForce());
    }

    /**
     * How things are.
     *
     * @param last the last reload
     * @param inForce the configuration in force as flat keys, for {@code --check-config --against}
     */
    record Status(Optional<ReloadView> last, Map<String, String> inForce) {}
}
