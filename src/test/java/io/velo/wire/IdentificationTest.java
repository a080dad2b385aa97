package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.velo.access.Identity;
import io.velo.access.IdentityFields;
import io.velo.access.Mechanism;
import io.velo.access.OwnCookies;
import io.velo.access.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IdentificationTest {

    private static final IdentityFields FIELDS =
            new IdentityFields("X-Auth-User", "X-Auth-Roles", Map.of("X-Tenant", "tenant"), new OwnCookies("velo"));
    private static final Verdict.Allow NOBODY = new Verdict.Allow(Optional.empty(), FIELDS);
    private static final Verdict.Allow ANN = new Verdict.Allow(
            Optional.of(new Identity("ann", Mechanism.JWT, List.of("dev"), Map.of("tenant", List.of("t1")))), FIELDS);

    private static HttpHeaders head(String... lines) {
        HttpHeaders head = new DefaultHttpHeaders();
        for (String line : lines) {
            head.add(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1));
        }
        return head;
    }

    private static HttpHeaders applied(Verdict.Allow allowed, HttpHeaders head) {
        HttpHeaders copy = new DefaultHttpHeaders().add(head);
        Identification.apply(allowed, copy);
        assertThat(Identification.isDue(allowed, head)).as(head.toString()).isEqualTo(!copy.equals(head));
        return copy;
    }

    @Test
    void takesForgedFieldsOutHoweverTheyAreWritten() {
        HttpHeaders head = head("x-auth-user:root", "X_AUTH_USER:root", "X-Tenant:t", "x_tenant:t", "X-Other:o");

        assertThat(applied(NOBODY, head)).isEqualTo(head("X-Other:o"));
    }

    @Test
    void takesOwnCookiesOut() {
        assertThat(applied(NOBODY, head("Cookie:velo=s; a=b; velo_login_x=l"))).isEqualTo(head("Cookie:a=b"));
        assertThat(applied(NOBODY, head("cookie:velo=s", "Cookie:a=b"))).isEqualTo(head("Cookie:a=b"));
        assertThat(applied(NOBODY, head("cookie:velo=s"))).isEqualTo(head());
    }

    @Test
    void leavesTheRestAsItIs() {
        HttpHeaders head = head("Host:a", "Cookie:a=b;c=d", "X-Auth-Users:u", "Authorization:x");

        assertThat(applied(NOBODY, head)).isEqualTo(head);
        assertThat(applied(new Verdict.Allow(Optional.empty(), IdentityFields.NONE), head("Cookie:velo=s")))
                .isEqualTo(head("Cookie:velo=s"));
    }

    @Test
    void saysWhoItIs() {
        assertThat(applied(ANN, head("X-Auth-User:root", "X-Auth-User:root", "x_auth_roles:admin", "Host:a")))
                .isEqualTo(head("Host:a", "X-Auth-User:ann", "X-Auth-Roles:dev", "X-Tenant:t1"));
    }
}
