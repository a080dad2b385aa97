package io.velo.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.velo.backend.Readiness;
import io.velo.change.FoundBackend;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Makes backends of endpoints.
 *
 * @param port at the Pods
 * @param protocol what the service says that is spoken there
 */
record SliceReader(int port, @Nullable String protocol) {

    private static final String H2C = "kubernetes.io/h2c";

    FoundBackend backend(Endpoint endpoint) {
        String address = endpoint.getAddresses().get(0); // they are all the same one
        String host = address.contains(":") ? "[" + address + "]" : address;
        String scheme = H2C.equals(protocol) ? "h2c" : "http";
        return new FoundBackend(
                name(endpoint, address) + ":" + port,
                URI.create(scheme + "://" + host + ":" + port),
                OptionalInt.empty(),
                Optional.ofNullable(endpoint.getZone()).orElse(""),
                readiness(endpoint.getConditions()));
    }

    /** That of the Pod, which is the same in each slice. */
    private static String name(Endpoint endpoint, String address) {
        ObjectReference target = endpoint.getTargetRef();
        boolean pod = target != null && "Pod".equals(target.getKind()) && target.getName() != null;
        return pod ? target.getName() : address;
    }

    /** What isn't said is as good as it can be: that is how Kubernetes means it. */
    private static Readiness readiness(@Nullable EndpointConditions conditions) {
        if (conditions == null) {
            return Readiness.READY;
        }
        if (Boolean.TRUE.equals(conditions.getTerminating())) {
            return Readiness.LEAVING;
        }
        return Boolean.FALSE.equals(conditions.getReady()) ? Readiness.NOT_READY : Readiness.READY;
    }
}
