package io.velo.testing;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A frame of a WebSocket, whole and of the simplest form.
 *
 * @param opcode 1 for text, 8 for Close, 9 for a ping
 * @param payload as it was meant, without the mask
 * @param masked whether it came, or goes, with a mask
 */
public record WebSocketFrame(int opcode, byte[] payload, boolean masked) {

    public static final int TEXT = 1;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final byte[] MASK = {0x11, 0x22, 0x33, 0x44};

    /** As clients send them. */
    public static WebSocketFrame ofClient(int opcode, String text) {
        return new WebSocketFrame(opcode, text.getBytes(StandardCharsets.UTF_8), true);
    }

    /** As backends send them. */
    public static WebSocketFrame ofBackend(int opcode, String text) {
        return new WebSocketFrame(opcode, text.getBytes(StandardCharsets.UTF_8), false);
    }

    /** A Close with a code. */
    public static WebSocketFrame close(int code, String reason, boolean masked) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] payload = ByteBuffer.allocate(2 + text.length)
                .putShort((short) code)
                .put(text)
                .array();
        return new WebSocketFrame(CLOSE, payload, masked);
    }

    /** Reads the next one. */
    public static WebSocketFrame read(InputStream from) throws IOException {
        DataInputStream in = new DataInputStream(from);
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        int length = second & 0x7f;
        length = length == 126 ? in.readUnsignedShort() : length == 127 ? (int) in.readLong() : length;
        boolean masked = (second & 0x80) != 0;
        byte[] mask = masked ? in.readNBytes(4) : new byte[4];
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("the connection ended inside a frame");
        }
        return new WebSocketFrame(first & 0xf, xor(payload, mask), masked);
    }

    private static byte[] xor(byte[] bytes, byte[] mask) {
        byte[] result = bytes.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] ^= mask[i % 4];
        }
        return result;
    }

    /** As it is sent. */
    public byte[] bytes() {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) (0x80 | opcode));
        int mask = masked ? 0x80 : 0;
        if (payload.length < 126) {
            frame.put((byte) (mask | payload.length));
        } else if (payload.length < 1 << 16) {
            frame.put((byte) (mask | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (mask | 127)).putLong(payload.length);
        }
        if (masked) {
            frame.put(MASK);
        }
        frame.put(masked ? xor(payload, MASK) : payload);
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** The code of a Close. */
    public int code() {
        return ByteBuffer.wrap(payload).getShort() & 0xffff;
    }

    /** The reason of a Close. */
    public String reason() {
        return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }
}
