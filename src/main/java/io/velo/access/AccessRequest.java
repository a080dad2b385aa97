package io.velo.access;

import io.velo.route.RouteRequest;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** A request as those look at it who let it pass. Valid until it is judged; then it may be read on another thread. */
public interface AccessRequest extends RouteRequest {

    /** The client's certificate, if it showed one and that was found good in the TLS handshake. */
    Optional<X509Certificate> certificate();

    /** Whether the client came by TLS, to Velo or to a trusted proxy before it. */
    boolean byTls();
}
