package io.velo.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.access.AccessRequest;
import io.velo.access.Evidence;
import io.velo.access.Identity;
import io.velo.testing.TestRequest;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CertificateAuthenticatorTest {

    private static final String SHOP = """
            -----BEGIN CERTIFICATE-----
            MIICBjCCAaugAwIBAgIUTrDWHV/N46go7DdThy4kATcfytYwCgYIKoZIzj0EAwIw
            LjELMAkGA1UEBhMCQVQxEDAOBgNVBAoMB0V4YW1wbGUxDTALBgNVBAMMBHNob3Aw
            IBcNMjYxMTIzMDM1NjM4WhgPMjEyNjEwMzAwMzU2MzhaMC4xCzAJBgNVBAYTAkFU
            MRAwDgYDVQQKDAdFeGFtcGxlMQ0wCwYDVQQDDARzaG9wMFkwEwYHKoZIzj0CAQYI
            KoZIzj0DAQcDQgAEWJGDBDFzhdMFsslzxdu34Yuk33AoBYeq4/Go5Fkf/cnnIwt/
            SHm9xkCJnWRb/HISBRGF+Y9hrGW/pcVC3utoX6OBpDCBoTAdBgNVHQ4EFgQUC94Y
            aGz+9syFwCTgGENySrGqwxEwHwYDVR0jBBgwFoAUC94YaGz+9syFwCTgGENySrGq
            wxEwDwYDVR0TAQH/BAUwAwEB/zBOBgNVHREERzBFghBzaG9wLmV4YW1wbGUub3Jn
            hhlzcGlmZmU6Ly9leGFtcGxlLm9yZy9zaG9wgRBzaG9wQGV4YW1wbGUub3JnhwQK
            AAABMAoGCCqGSM49BAMCA0kAMEYCIQClcoaBPkvIXKoyBF98l1NMO0d0ZnFNhuSr
            NgqygVjfOQIhANfbGnVdv49mz1LfhaHtxqw2Vrc0hC+1i0MUquUH3TR5
            -----END CERTIFICATE-----
            """;

    private static final String WITHOUT_NAME = """
            -----BEGIN CERTIFICATE-----
            MIIBmDCCAT6gAwIBAgIUZ4OS5+HOxGe+OLBt0KgKBVr+ZxowCgYIKoZIzj0EAwIw
            EjEQMA4GA1UECgwHRXhhbXBsZTAgFw0yNjExMjMwMzU3MzJaGA8yMTI2MTAzMDAz
            NTczMlowEjEQMA4GA1UECgwHRXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEH
            A0IABKofVVPU6IgqWM0XfG9l+EZNHVSCaeUG0cCg4+L99uvAvdr+mbgrPJV0/9Wt
            nJAFK2kyzrXZhFHE49u5KaLL4WijcDBuMB0GA1UdDgQWBBR4g/8HioedLq35A4ld
            /rYjT46NsjAfBgNVHSMEGDAWgBR4g/8HioedLq35A4ld/rYjT46NsjAPBgNVHRMB
            Af8EBTADAQH/MBsGA1UdEQQUMBKCEHNob3AuZXhhbXBsZS5vcmcwCgYIKoZIzj0E
            AwIDSAAwRQIhAPoRD9ib0xD1JcmNcHXQB45QrSkw1xOFsX8BgJqOl4WuAiA4spen
            iZSZE1gc07Fyn5+3untfGK5KXAiQUynP0Muhxw==
            -----END CERTIFICATE-----
            """;

    private final CertificateAuthenticator authenticator = new CertificateAuthenticator();

    /** A request on a connection whose client showed this. */
    private static AccessRequest showing(String pem) throws CertificateException {
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
        return (AccessRequest) Proxy.newProxyInstance(
                AccessRequest.class.getClassLoader(),
                new Class<?>[] {AccessRequest.class},
                (proxy, method, arguments) -> Optional.of(certificate));
    }

    private Identity identity(String pem) throws CertificateException {
        return ((Evidence.Proven) authenticator.examine(showing(pem))).identity();
    }

    @Test
    void tellsSubjectIssuerAndAlternativeNames() throws CertificateException {
        Identity shop = identity(SHOP);

        assertThat(shop.name()).isEqualTo("shop");
        assertThat(shop.claim("subject")).containsExactly("CN=shop,O=Example,C=AT");
        assertThat(shop.claim("issuer")).containsExactly("CN=shop,O=Example,C=AT");
        assertThat(shop.claim("san"))
                .containsExactly(
                        "DNS:shop.example.org",
                        "URI:spiffe://example.org/shop",
                        "EMAIL:shop@example.org",
                        "IP:10.0.0.1");
    }

    @Test
    void takesAnAlternativeNameWhereThereIsNoCommonName() throws CertificateException {
        assertThat(identity(WITHOUT_NAME).name()).isEqualTo("DNS:shop.example.org");
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(authenticator.examine(TestRequest.get("/"))).isEqualTo(Evidence.NOTHING);
        assertThat(authenticator.challenge(false)).isEmpty();
    }
}
