package io.velo.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.velo.grpc.HealthCheck.Serving;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HealthCheckTest {

    private static byte[] framed(byte... message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop.v1.Cart", "\u00fc"})
    void asksAsTheProtocolHasIt(String service) throws IOException {
        byte[] frame = HealthCheck.request(service);

        byte[] message = Arrays.copyOfRange(frame, 5, frame.length);
        assertThat(frame).isEqualTo(framed(message));
        assertThat(HealthCheckRequest.parseFrom(message).getService()).isEqualTo(service);
    }

    @ParameterizedTest
    @EnumSource
    void readsWhatBackendsSay(Serving serving) {
        byte[] message = HealthCheckResponse.newBuilder()
                .setStatusValue(serving.number())
                .build()
                .toByteArray();

        assertThat(HealthCheck.answer(framed(message))).isEqualTo(serving);
        assertThat(HealthCheckResponse.ServingStatus.forNumber(serving.number()).name())
                .isEqualTo(serving.name());
    }

    @Test
    void passesOverFieldsThatItDoesNotKnow() {
        byte[] answer = framed(
                (byte) 0x10, (byte) 0x96, (byte) 1, (byte) 0x1a, (byte) 2, (byte) 7, (byte) 7, (byte) 8, (byte) 1);

        assertThat(HealthCheck.answer(answer)).isEqualTo(Serving.SERVING);
    }

    @Test
    void takesANewStatusForUnknown() {
        assertThat(HealthCheck.answer(framed((byte) 8, (byte) 99))).isEqualTo(Serving.UNKNOWN);
    }

    @Test
    void refusesWhatIsNoAnswer() {
        byte[][] bad = {
            {},
            {0, 0, 0, 0},
            {1, 0, 0, 0, 0},
            {0, 0, 0, 0, 9, 8, 1},
            framed((byte) 8),
            framed((byte) 0x1a, (byte) 9, (byte) 1),
            framed((byte) 0x0d, (byte) 1),
            framed(
                    (byte) 8, (byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) -1,
                    (byte) -1, (byte) -1)
        };
        for (byte[] each : bad) {
            assertThatThrownBy(() -> HealthCheck.answer(each))
                    .as(Arrays.toString(each))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
