package io.velo.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeInWordsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 ms",
        "999, 999 ms",
        "1000, 1 s",
        "1050, 1.0 s",
        "1500, 1.5 s",
        "9999, 9.9 s",
        "10999, 10 s",
        "119999, 119 s",
        "120000, 2 min",
        "150000, 2 min 30 s",
        "240000, 4 min",
        "7200000, 120 min"
    })
    void saysWhatMatters(long millis, String words) {
        assertThat(TimeInWords.of(Duration.ofMillis(millis))).isEqualTo(words);
    }
}
