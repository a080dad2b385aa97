package io.velo.auth;

import io.velo.access.AccessRequest;
import io.velo.access.Authenticator;
import io.velo.access.Evidence;
import io.velo.access.Identity;
import io.velo.access.Mechanism;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The certificate of the TLS connection, which the handshake has found good. The name is the subject's common name; subject,
 * issuer and alternative names are claims: {@code subject}, {@code issuer}, {@code san} with values such as
 * {@code DNS:client.example.org} and {@code URI:spiffe://example.org/client}.
 */
final class CertificateAuthenticator implements Authenticator {

    private static final Map<Integer, String> KINDS = Map.of(1, "EMAIL:", 2, "DNS:", 6, "URI:", 7, "IP:");

    @Override
    public Evidence examine(AccessRequest request) {
        Optional<X509Certificate> shown = request.certificate();
        if (shown.isEmpty()) {
            return Evidence.NOTHING;
        }
        try {
            return new Evidence.Proven(identityOf(shown.get()));
        } catch (CertificateParsingException | InvalidNameException unreadable) {
            return Evidence.WRONG;
        }
    }

    private static Identity identityOf(X509Certificate certificate)
            throws CertificateParsingException, InvalidNameException {
        String subject = certificate.getSubjectX500Principal().getName();
        String issuer = certificate.getIssuerX500Principal().getName();
        List<String> names = alternativeNames(certificate);
        String common = commonName(subject);
        String name = !common.isEmpty() ? common : names.isEmpty() ? subject : names.get(0);
        return new Identity(
                name,
                Mechanism.CLIENT_CERTIFICATE,
                List.of(),
                Map.of("subject", List.of(subject), "issuer", List.of(issuer), "san", names));
    }

    private static String commonName(String subject) throws InvalidNameException {
        List<Rdn> parts = new LdapName(subject).getRdns();
        for (int i = parts.size() - 1; i >= 0; i--) {
            if (parts.get(i).getType().equalsIgnoreCase("CN")) {
                return parts.get(i).getValue().toString();
            }
        }
        return "";
    }

    private static List<String> alternativeNames(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> all =
                Objects.requireNonNullElse(certificate.getSubjectAlternativeNames(), List.<List<?>>of());
        List<String> names = new ArrayList<>();
        for (List<?> each : all) {
            String kind = KINDS.get((Integer) each.get(0));
            if (kind != null) {
                names.add(kind + each.get(1));
            }
        }
        return names;
    }
}
