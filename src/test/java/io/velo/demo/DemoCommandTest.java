package io.velo.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoCommandTest {

    @Test
    void needsOnlyAPort() {
        assertThat(settings("8081"))
                .isEqualTo(new DemoBackend.Settings("0.0.0.0", 8081, "backend-8081", Duration.ZERO, 0));
    }

    @Test
    void takesItsFlagsInBothForms() {
        DemoBackend.Settings expected = new DemoBackend.Settings("0.0.0.0", 8081, "b1", Duration.ofMillis(50), 0.25);

        assertThat(settings("8081", "--delay", "50ms", "--fail-rate", "0.25", "--name", "b1"))
                .isEqualTo(expected);
        assertThat(settings("8081", "--name=b1", "--delay=50ms", "--fail-rate=0.25"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                    | the first argument must be a port",
                "here                  | the first argument must be a port",
                "65536                 | the port is 65536 but must be at most 65535",
                "1 --name              | --name needs a value",
                "1 --colour red        | there is no flag --colour",
                "1 --fail-rate 1.5     | --fail-rate is 1.5 but must be 0 to 1",
                "1 --fail-rate -1      | --fail-rate is -1 but must be 0 to 1",
                "1 --fail-rate half    | --fail-rate is half but must be 0 to 1",
                "1 --fail-rate NaN     | --fail-rate is NaN but must be 0 to 1",
                "1 --delay soon        | --delay is soon but must be a duration such as 50ms",
                "1 --delay -5ms        | --delay is -5ms but must be a duration such as 50ms"
            })
    void saysWhatIsWrong(String arguments, String message) {
        assertThatThrownBy(() -> settings(arguments.split(" ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void needsAnArgument() {
        assertThatThrownBy(() -> settings()).hasMessage("the first argument must be a port");
    }

    private static DemoBackend.Settings settings(String... arguments) {
        return DemoCommand.settings(List.of(arguments));
    }
}
