package io.velo.tls;

/**
 * How Velo speaks TLS to the backends of a pool.
 *
 * @param bundle name of the SSL bundle with whom to trust and what to show; empty for what the JVM trusts, and nothing to show
 * @param sni name that is asked for and that the certificate has to bear; empty for the backend's own host
 * @param verify what of a backend's certificate is verified
 */
public record BackendTlsSettings(String bundle, String sni, Verify verify) {

    /** What the JVM trusts, by the backend's own name. */
    public static final BackendTlsSettings DEFAULT = new BackendTlsSettings("", "", Verify.FULL);

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
