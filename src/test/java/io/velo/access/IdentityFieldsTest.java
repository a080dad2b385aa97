package io.velo.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdentityFieldsTest {

    private final IdentityFields fields =
            new IdentityFields("X-Auth-User", "X-Auth-Roles", Map.of("X-Tenant", "tenant"));

    private Map<String, String> told(Identity identity) {
        Map<String, String> told = new LinkedHashMap<>();
        fields.tell(identity, told::put);
        return told;
    }

    @Test
    void reservesItsNamesHoweverTheyAreWritten() {
        for (String name :
                List.of("X-Auth-User", "x-auth-user", "X_AUTH_USER", "x-auth_roles", "X-TENANT", "x_tenant")) {
            assertThat(fields.reserves(name)).as(name).isTrue();
        }
        for (String name : List.of("X-Auth-User2", "XAuthUser", "X-Auth", "")) {
            assertThat(fields.reserves(name)).as(name).isFalse();
        }
    }

    @Test
    void tellsWhoItIs() {
        Identity ann = new Identity("ann", Mechanism.JWT, List.of("a", "b"), Map.of("tenant", List.of("t1", "t2")));

        assertThat(told(ann)).isEqualTo(Map.of("X-Auth-User", "ann", "X-Auth-Roles", "a,b", "X-Tenant", "t1,t2"));
    }

    @Test
    void tellsNothingOfWhatThereIsNot() {
        assertThat(told(new Identity("ann", Mechanism.JWT, List.of(), Map.of())))
                .isEqualTo(Map.of("X-Auth-User", "ann"));
        assertThat(IdentityFields.NONE.reserves("")).isFalse();
    }

    @Test
    void namesCannotBreakOutOfTheirField() {
        Identity evil = new Identity("a\r\nX: ä,%", Mechanism.JWT, List.of("x,y"), Map.of());

        assertThat(told(evil)).isEqualTo(Map.of("X-Auth-User", "a%0D%0AX:%20%C3%A4%2C%25", "X-Auth-Roles", "x%2Cy"));
    }
}
