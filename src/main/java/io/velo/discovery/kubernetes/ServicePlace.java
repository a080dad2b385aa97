package io.velo.discovery.kubernetes;

import java.net.URI;

/**
 * A service's port.
 *
 * @param namespace empty for Velo's own
 * @param port its name, or its number at the Pods
 */
record ServicePlace(String namespace, String service, String port) {

    /** Reads {@code kubernetes:///namespace/service:port} or {@code kubernetes:///service:port}. */
    static ServicePlace of(URI place) {
        String path = place.getRawPath().substring(1);
        int slash = path.indexOf('/');
        int colon = path.indexOf(':');
        return new ServicePlace(
                path.substring(0, Math.max(0, slash)), path.substring(slash + 1, colon), path.substring(colon + 1));
    }

    /** In the namespace that it means. */
    ServicePlace in(String own) {
        return namespace.isEmpty() ? new ServicePlace(own, service, port) : this;
    }

    @Override
    public String toString() {
        return "service " + namespace + "/" + service;
    }
}
