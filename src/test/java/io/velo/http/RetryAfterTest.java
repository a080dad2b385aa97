package io.velo.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    0|0
                    1|1
                    ' 120 '|120
                    99999999999999999999|86400
                    Thu, 01 Jan 2026 00:00:30 GMT|30
                    Wed, 31 Dec 2025 00:00:30 GMT|0
                    Fri, 01 Jan 2027 00:00:00 GMT|86400
                    """)
    void readsSecondsAndDates(String text, long seconds) {
        assertThat(RetryAfter.parse(text, NOW)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-1", "1.5", "soon", "1, 2", "Thu, 99 Jan 2026 00:00:30 GMT", "\u0663"})
    void takesNonsenseForNothing(String text) {
        assertThat(RetryAfter.parse(text, NOW)).isEqualTo(Duration.ZERO);
    }
}
