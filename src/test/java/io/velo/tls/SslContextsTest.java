package io.velo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.ReferenceCountUtil;
import io.velo.testing.Authority;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;

class SslContextsTest {

    private static final List<String> HTTP = List.of("http/1.1");

    private static SslBundle bundle(X509Bundle certificate, X509Bundle key, SslOptions options) {
        PemSslStore store = PemSslStore.of(
                certificate.getCertificatePathList(), key.getKeyPair().getPrivate());
        return SslBundle.of(new PemSslStoreBundle(store, null), SslBundleKey.NONE, options);
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void refusesAKeyThatIsAnothers(TlsLibrary library) throws Exception {
        Authority authority = Authority.named("root");
        SslBundle wrong = bundle(authority.signed("a.test"), authority.signed("a.test"), SslOptions.NONE);

        assertThatThrownBy(() -> new SslContexts(() -> library).forServer(wrong, ClientAuth.NONE, HTTP))
                .hasMessage("the private key isn't that of the certificate of CN=a.test");
    }

    @Test
    void refusesABundleWithoutAKey() {
        SslBundle empty = SslBundle.of(new PemSslStoreBundle((PemSslStore) null, null));

        assertThatThrownBy(() -> new SslContexts(() -> TlsLibrary.JDK).forServer(empty, ClientAuth.NONE, HTTP))
                .hasMessage("the SSL bundle has no private key with a certificate");
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void takesTheBundlesOwnCiphers(TlsLibrary library) throws Exception {
        X509Bundle own = Authority.named("root").signed("a.test");
        SslOptions options = SslOptions.of(Set.of("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"), Set.of("TLSv1.2"));
        SslContext context = new SslContexts(() -> library).forServer(bundle(own, own, options), ClientAuth.NONE, HTTP);

        assertThat(context.cipherSuites())
                .contains("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")
                .hasSizeLessThan(5);
        ReferenceCountUtil.release(context);
    }
}
