package io.velo.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GrpcDeadlineTest {

    private static final Duration NONE = Duration.ZERO;

    @Test
    void boundsACallTogetherWithABoundOfVelosOwn() {
        GrpcDeadline second = GrpcDeadline.of("1S");

        assertThat(second.or(NONE)).isEqualTo(Duration.ofSeconds(1));
        assertThat(second.or(Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(second.or(Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(1));
        assertThat(second.before(Duration.ofMillis(1))).isFalse();
        assertThat(GrpcDeadline.of("").or(NONE)).isEqualTo(NONE);
        assertThat(GrpcDeadline.of("soon").or(Duration.ofMinutes(1))).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void isOverAtOnceIfNoTimeIsLeft() {
        assertThat(GrpcDeadline.of("0m").before(NONE)).isTrue();
        assertThat(GrpcDeadline.of("0m").or(NONE)).isPositive().isLessThan(Duration.ofMillis(1));
    }

    @Test
    void excusesWhatEndsByIt() {
        assertThat(GrpcDeadline.of("1S").excuses(GrpcStatus.DEADLINE_EXCEEDED)).isTrue();
        assertThat(GrpcDeadline.of("1S").excuses(GrpcStatus.UNAVAILABLE)).isFalse();
        assertThat(GrpcDeadline.NONE.excuses(GrpcStatus.DEADLINE_EXCEEDED)).isFalse();
    }
}
