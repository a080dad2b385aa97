package io.velo.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldNamesTest {

    @ParameterizedTest
    @CsvSource({
        "X-User, X-User, true",
        "X-User, x_uSER, true",
        "X_User, x-user, true",
        "X-User, X-Users, false",
        "X-User, XUser, false",
        "X-User, X.User, false",
        "X-User, '', false"
    })
    void areAlike(String one, String other, boolean alike) {
        assertThat(FieldNames.alike(one, other)).isEqualTo(alike);
        assertThat(FieldNames.alike(AsciiString.of(other), one)).isEqualTo(alike);
    }

    @ParameterizedTest
    @CsvSource({
        "X_Forwarded_For, true",
        "x-forwarded-, true",
        "X-Forwarded, false",
        "XX-Forwarded-For, false",
        "'', false"
    })
    void beginAlike(String name, boolean alike) {
        assertThat(FieldNames.beginAlike(name, "x-forwarded-")).isEqualTo(alike);
    }
}
