package io.velo.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a%20b?c=d&e", "/?a=b=c", "*", "http://a/b?c", "/?mysig=x&signature=y", "/a?&&sig"})
    void staysAsItWasSent(String target) {
        assertThat(Target.of(target)).hasToString(target);
    }

    @Test
    void keepsNoSignatures() {
        assertThat(Target.of("/a?AWSAccessKeyId=1&Signature=2&b=3&sig=4&X-Goog-Signature=5&sig="))
                .isEqualTo(
                        new Target(
                                "/a",
                                "AWSAccessKeyId=REDACTED&Signature=REDACTED&b=3&sig=REDACTED&X-Goog-Signature=REDACTED&sig=REDACTED"));
    }
}
