package io.velo.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.pkitesting.CertificateBuilder;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientIdentityTest {

    private static X509Certificate certificate(String subject) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .setIsCertificateAuthority(true) // of itself
                .subject(subject)
                .addSanUriName(URI.create("spiffe://test/ns/a").toString())
                .addSanDnsName("a.test")
                .buildSelfSigned()
                .getCertificate();
    }

    @Test
    void tellsAsEnvoyDoes() throws Exception {
        HttpHeaders head = new DefaultHttpHeaders();
        ClientIdentity.envoy(List.of(certificate("CN=a"))).tell(head);

        assertThat(head.get("X-Forwarded-Client-Cert"))
                .matches("Hash=[0-9a-f]{64};Subject=\"CN=a\";URI=spiffe://test/ns/a;DNS=a\\.test");
    }

    @Test
    void standsBehindWhatATrustedProxySays() throws Exception {
        HttpHeaders head = new DefaultHttpHeaders().set("X-Forwarded-Client-Cert", "Hash=ab");
        ClientIdentity.envoy(List.of(certificate("CN=a"))).tell(head);

        assertThat(head.get("X-Forwarded-Client-Cert")).startsWith("Hash=ab,Hash=");
    }

    @Test
    void letsNoSubjectBreakOut() throws Exception {
        HttpHeaders head = new DefaultHttpHeaders();
        ClientIdentity.envoy(List.of(certificate("CN=\u00e9\\\"\\\\Hash\\=1"))).tell(head);

        assertThat(head.get("X-Forwarded-Client-Cert")).contains("%C3%A9").matches("[ -~]*");
        assertThat(head.get("X-Forwarded-Client-Cert").replaceAll("\\\\.", "")).matches("[^\"]*\"[^\"]*\"[^\"]*");
    }

    @Test
    void tellsByRfc9440() throws Exception {
        X509Certificate own = certificate("CN=a");
        X509Certificate above = certificate("CN=b");
        HttpHeaders head = new DefaultHttpHeaders();
        ClientIdentity.rfc9440(List.of(own, above)).tell(head);

        String encoded = Base64.getEncoder().encodeToString(own.getEncoded());
        assertThat(head.get("Client-Cert")).isEqualTo(":" + encoded + ":");
        assertThat(head.get("Client-Cert-Chain"))
                .isEqualTo(":" + Base64.getEncoder().encodeToString(above.getEncoded()) + ":");
    }

    @Test
    void ownsItsFields() {
        assertThat(List.of("client-cert", "Client-Cert-Chain")).allMatch(ClientIdentity::owns);
        assertThat(List.of("Client", "client-certificate")).noneMatch(ClientIdentity::owns);
    }
}
