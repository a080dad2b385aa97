package io.velo.tls;

import java.util.List;

/**
 * How Velo speaks TLS to the backends of a pool.
 *
 * @param bundle name of the SSL bundle with whom to trust and what to show; empty for what the JVM trusts, and nothing to show
 * @param sni name that is asked for and that the certificate has to bear; empty for the backend's own host
 * @param verify what of a backend's certificate is verified
 * @param alpn what is offered to be spoken, the preferred one first; empty for nothing, so that it is HTTP/1.1
 */
public record BackendTlsSettings(String bundle, String sni, Verify verify, List<String> alpn) {

    /** HTTP/2, by its name in ALPN. */
    public static final String HTTP_2 = "h2";

    /** HTTP/1.1, by its name in ALPN. */
    public static final String HTTP_1_1 = "http/1.1";

    /** What the JVM trusts, by the backend's own name. */
    public static final BackendTlsSettings DEFAULT = new BackendTlsSettings("", "", Verify.FULL, List.of());

    public BackendTlsSettings {
        alpn = List.copyOf(alpn);
    }

    /** Whether a backend may choose HTTP/2. */
    public boolean offersHttp2() {
        return alpn.contains(HTTP_2);
    }

    /** Whether a backend may speak HTTP/1.1. */
    public boolean offersHttp11() {
        return alpn.isEmpty() || alpn.contains(HTTP_1_1);
    }

    /** The same with other things to be spoken. */
    public BackendTlsSettings offering(String... protocols) {
        return new BackendTlsSettings(bundle, sni, verify, List.of(protocols));
    }

    /** What of a backend's certificate is verified. */
    public enum Verify {
        /** That somebody who is trusted has signed it, and that it bears the name. */
        FULL,
        /** That somebody who is trusted has signed it. */
        CA,
        /** Nothing: whoever answers is believed to be the backend. */
        NONE
    }
}
