package io.velo.grpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/**
 * The messages of {@code grpc.health.v1.Health/Check}. One string there and one number back are all there is to it, so they are
 * written and read here, in protobuf's encoding, within gRPC's frame of a flag and four bytes of length.
 */
public final class HealthCheck {

    /** Path of the call. */
    public static final String PATH = "/grpc.health.v1.Health/Check";

    private static final int FRAME = 5;
    private static final int FIELD_1_BYTES = 0x0a;
    private static final int FIELD_1_VARINT = 0x08;
    private static final int LONGEST_VARINT = 10;

    private HealthCheck() {}

    /** What a backend says of a service. */
    public enum Serving {
        UNKNOWN(0),
        SERVING(1),
        NOT_SERVING(2),
        SERVICE_UNKNOWN(3);

        private final int number;

        Serving(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        private static Serving of(long number) {
            return Stream.of(values())
                    .filter(each -> each.number == number)
                    .findFirst()
                    .orElse(UNKNOWN);
        }
    }

    /**
     * The request.
     *
     * @param service name of the service, empty for the whole server; up to 127 bytes
     */
    public static byte[] request(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        int length = name.length == 0 ? 0 : 2 + name.length;
        ByteBuffer frame = ByteBuffer.allocate(FRAME + length).put((byte) 0).putInt(length);
        if (length > 0) {
            frame.put((byte) FIELD_1_BYTES).put((byte) name.length).put(name);
        }
        return frame.array();
    }

    /**
     * Reads the answer. Fields that are new to it are passed over as long as they are numbers or strings.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Serving answer(byte[] body) {
        ByteBuffer bytes = ByteBuffer.wrap(body);
        if (body.length < FRAME || bytes.get() != 0 || bytes.getInt() != body.length - FRAME) {
            throw new IllegalArgumentException("the answer is no single message");
        }
        long serving = 0; // as protobuf has it for what isn't there
        while (bytes.hasRemaining()) {
            int tag = (int) varint(bytes);
            if (tag == FIELD_1_VARINT) {
                serving = varint(bytes);
            } else {
                pass(bytes, tag & 7);
            }
        }
        return Serving.of(serving);
    }

    private static void pass(ByteBuffer bytes, int wireType) {
        long length = wireType == 0 ? varint(bytes) : wireType == 2 ? varint(bytes) : -1;
        if (wireType == 0) {
            return;
        }
        if (length < 0 || length > bytes.remaining()) {
            throw new IllegalArgumentException("the answer is no HealthCheckResponse");
        }
        bytes.position(bytes.position() + (int) length);
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int i = 0; i < LONGEST_VARINT && bytes.hasRemaining(); i++) {
            byte next = bytes.get();
            value |= (next & 0x7fL) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("the answer ends inside a number");
    }
}
