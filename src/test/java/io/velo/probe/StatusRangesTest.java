package io.velo.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.velo.probe.StatusRanges.Range;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusRangesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2xx | 200 | true",
                "2xx | 299 | true",
                "2xx | 199 | false",
                "2xx | 300 | false",
                "204 | 204 | true",
                "204 | 200 | false",
                "200-204 | 200 | true",
                "200-204 | 204 | true",
                "200-204 | 205 | false",
                "200-299,404 | 404 | true",
                "200-299,404 | 403 | false",
                "2xx , 3xx, 418 | 301 | true",
                "2xx , 3xx, 418 | 418 | true",
                "2xx , 3xx, 418 | 500 | false",
                "9xx | 999 | true",
                "1xx | 100 | true"
            })
    void containWhatIsWritten(String text, int status, boolean contained) {
        assertThat(StatusRanges.parse(text).contains(status)).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "2", "20", "2000", "0xx", "2XX", "2x", "099", "200-", "-200", "200,", ",", "ok", "2xx-3xx"
            })
    void refuseWhatIsNotAStatus(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StatusRanges.parse(text))
                .withMessageContaining("is not a status, a range or a class such as 2xx");
    }

    @Test
    void nameThePartThatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StatusRanges.parse("2xx, abc"))
                .withMessageStartingWith("'abc'");
    }

    @Test
    void refuseARangeThatRunsBackwards() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StatusRanges.parse("299-200"))
                .withMessage("the range 299-200 is empty");
    }

    @Test
    void areTheRangesInTheirOrder() {
        assertThat(StatusRanges.parse("404,2xx").ranges()).containsExactly(new Range(404, 404), new Range(200, 299));
    }
}
