package io.velo.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OwnCookiesTest {

    private final OwnCookies own = new OwnCookies("velo_session");

    @Test
    void takesItsOwnOut() {
        assertThat(own.without(List.of(
                        "a=b;velo_session=x; c=\"d\"",
                        "velo_session_login_1=x; velo_session",
                        "velo_session2=x; velo=y")))
                .containsExactly("a=b; c=\"d\"", "velo_session2=x; velo=y");
        assertThat(own.without(List.of("velo_session=x"))).isEmpty();
    }

    @Test
    void looksOnlyWhereSomeMayBe() {
        assertThat(own.mayBeIn(List.of("a=b", "velo_session=x"))).isTrue();
        assertThat(own.mayBeIn(List.of("a=b"))).isFalse();
        assertThat(own.mayBeIn(List.of())).isFalse();
        assertThat(OwnCookies.NONE.mayBeIn(List.of("a=b"))).isFalse();
    }
}
