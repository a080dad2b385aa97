package io.velo.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** Who does the arithmetic of TLS: BoringSSL, which Velo brings for Linux on x86-64 and AArch64, or the JDK. */
public enum TlsLibrary {
    BORING_SSL("BoringSSL", SslProvider.OPENSSL_REFCNT),
    JDK("the JDK", SslProvider.JDK);

    private final String words;
    private final SslProvider provider;

    TlsLibrary(String words, SslProvider provider) {
        this.words = words;
        this.provider = provider;
    }

    /** Which one an operator wants. */
    public enum Wanted {
        /** BoringSSL where there is one, or else the JDK's. */
        AUTO,
        /** The JDK's. */
        JDK
    }

    /** The one that is wanted, as far as it is there. */
    static TlsLibrary chosen(Wanted wanted) {
        return wanted == Wanted.AUTO && OpenSsl.isAvailable() ? BORING_SSL : JDK;
    }

    /** What is missing for BoringSSL, in the system's words; empty if nothing is. */
    static String whyNoBoringSsl() {
        Throwable cause = OpenSsl.unavailabilityCause();
        return cause == null ? "" : String.valueOf(cause.getMessage());
    }

    SslProvider provider() {
        return provider;
    }

    @Override
    public String toString() {
        return words;
    }
}
