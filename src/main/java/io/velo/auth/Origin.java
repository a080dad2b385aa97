package io.velo.auth;

import io.velo.access.AccessRequest;

/**
 * By what a browser knows Velo.
 *
 * @param url scheme and authority
 */
record Origin(String url) {

    static Origin of(AccessRequest request, OidcSettings.Places places) {
        return new Origin(
                places.origin().isEmpty()
                        ? (request.byTls() ? "https://" : "http://")
                                + request.header("Host").orElse("")
                        : places.origin());
    }

    boolean byTls() {
        return url.startsWith("https:");
    }
}
