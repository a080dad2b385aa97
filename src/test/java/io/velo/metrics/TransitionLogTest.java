package io.velo.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.velo.backend.BackendState;
import io.velo.backend.Transition;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class TransitionLogTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.velo.state");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final TransitionLog log = new TransitionLog();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    void tellsAChangeInOneLineWithItsStory() {
        log.changed(transition(BackendState.UP, BackendState.DOWN));

        assertThat(lines.list).hasSize(1);
        ILoggingEvent line = lines.list.get(0);
        assertThat(line.getFormattedMessage()).isEqualTo("backend down");
        assertThat(line.getKeyValuePairs())
                .extracting(pair -> pair.key + "=" + pair.value)
                .containsExactly("pool=api", "backend=b1", "from=up", "to=down", "reason=probe missed: status 500");
    }

    @ParameterizedTest
    @CsvSource({
        "UP, DOWN, WARN",
        "UP, EJECTED, WARN",
        "UP, DRAINING, WARN",
        "TRIAL, EJECTED, WARN",
        "WARMING, DOWN, WARN",
        "DOWN, UP, INFO",
        "EJECTED, TRIAL, INFO",
        "TRIAL, WARMING, INFO",
        "WARMING, UP, INFO",
        "DRAINING, DOWN, INFO",
        "EJECTED, DOWN, INFO"
    })
    void warnsOnlyWhenCapacityIsLost(BackendState from, BackendState to, String level) {
        log.changed(transition(from, to));

        assertThat(lines.list).extracting(line -> line.getLevel().toString()).containsExactly(level);
    }

    @Test
    void warnsOfPanicAndTellsItsEnd() {
        log.panic("api", true);
        log.panic("api", false);

        assertThat(lines.list)
                .extracting(line -> line.getLevel() + " " + line.getFormattedMessage() + " " + line.getKeyValuePairs())
                .containsExactly(
                        "WARN pool in panic: too few backends are eligible, health is ignored [pool=\"api\"]",
                        "INFO pool out of panic [pool=\"api\"]");
    }

    private static Transition transition(BackendState from, BackendState to) {
        return new Transition("api", "b1", from, to, "probe missed: status 500", Instant.EPOCH);
    }
}
