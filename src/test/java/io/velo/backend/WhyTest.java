package io.velo.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.Backends;
import io.velo.testing.TestPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhyTest {

    private final TestPool pool = TestPool.of("a", "b").build();

    @Test
    void tellsOfABackendThatNothingHasHappenedTo() {
        assertThat(why("a"))
                .isEqualTo("a is up since 2026-01-01T00:00:00Z: started. It has not been probed."
                        + " Its breaker is closed after 0 of 3 failures in a row.");
    }

    @Test
    void tellsOfProbes() {
        pool.miss("a", 1);

        assertThat(why("a"))
                .startsWith("a is down since 2026-01-01T00:00:00Z: probe missed: status 500."
                        + " The latest probe, at 2026-01-01T00:00:00Z, missed in 1 ms: status 500.");
    }

    @Test
    void tellsOfTheBreaker() {
        pool.fail("a", 2);

        assertThat(why("a")).endsWith("Its breaker is closed after 2 of 3 failures in a row.");
    }

    @Test
    void tellsOfAnEjection() {
        pool.fail("a", 3);

        assertThat(why("a"))
                .startsWith("a is ejected since")
                .endsWith("Its breaker is open after 3 of 3 failures in a row."
                        + " Ejected for 10 s, the 1st time in a row: 3 failures in a row.");
    }

    @Test
    void tellsOfTheOperator() {
        pool.pool().drain(pool.backend("a"));

        assertThat(why("a")).startsWith("a is draining since 2026-01-01T00:00:00Z: drained by an operator.");
    }

    @Test
    void tellsThatThereIsNoBreaker() {
        assertThat(Why.of(Backends.backend("a")).sentence()).endsWith("It has no breaker.");
    }

    @ParameterizedTest
    @CsvSource({"1,1st", "2,2nd", "3,3rd", "4,4th", "11,11th", "12,12th", "13,13th", "21,21st", "102,102nd", "111,111th"
    })
    void countsInARow(int number, String said) {
        assertThat(Ordinal.of(number)).isEqualTo(said);
    }

    private String why(String id) {
        return Why.of(pool.backend(id)).sentence();
    }
}
