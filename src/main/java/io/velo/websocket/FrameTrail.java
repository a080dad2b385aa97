package io.velo.websocket;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames of one direction (RFC 6455 section 5.2) through bytes that pass by, in whatever pieces they come. Looks at
 * heads alone: a few nanoseconds for each frame, nothing for what is inside. What is no WebSocket is followed to no avail.
 */
final class FrameTrail {

    private static final int OPCODE = 0xf;
    private static final int CLOSE = 0x8;
    private static final int MASKED = 0x80;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;

    /** What comes next. */
    private enum Next {
        FRAME,
        LENGTH,
        REST_OF_HEAD,
        PAYLOAD
    }

    private Next next = Next.FRAME;
    private int lengthBytes;
    private int maskBytes;
    private long payload;
    private boolean close;
    private boolean closed;

    /** Whether no frame is under way. */
    boolean atBoundary() {
        return next == Next.FRAME;
    }

    /** Whether a whole Close frame has passed. */
    boolean closed() {
        return closed;
    }

    /** Follows all that can be read. */
    void follow(ByteBuf bytes) {
        for (int at = bytes.readerIndex(); at < bytes.writerIndex(); ) {
            at = frame(bytes, at);
        }
    }

    /**
     * Follows one frame, the one under way or the next one, as far as there are bytes.
     *
     * @return the index behind what belongs to it
     */
    int frame(ByteBuf bytes, int from) {
        int at = from;
        do {
            if (at == bytes.writerIndex()) {
                return at;
            }
            at += next == Next.PAYLOAD ? payload(bytes.writerIndex() - at) : head(bytes.getByte(at));
        } while (next != Next.FRAME);
        return at;
    }

    private int payload(int there) {
        int passed = (int) Math.min(payload, there);
        payload -= passed;
        endIfWhole();
        return passed;
    }

    private int head(byte part) {
        if (next == Next.FRAME) {
            close = (part & OPCODE) == CLOSE;
            next = Next.LENGTH;
        } else if (next == Next.LENGTH) {
            begin(part);
        } else if (lengthBytes > 0) {
            payload = (payload << Byte.SIZE) | (part & 0xff);
            lengthBytes--;
        } else {
            maskBytes--;
        }
        if (next == Next.REST_OF_HEAD && lengthBytes + maskBytes == 0) {
            next = Next.PAYLOAD;
            payload &= Long.MAX_VALUE; // the highest bit has to be 0
            endIfWhole();
        }
        return 1;
    }

    private void begin(byte part) {
        int length = part & ~MASKED & 0xff;
        lengthBytes = length == SHORT_LENGTH ? Short.BYTES : length == LONG_LENGTH ? Long.BYTES : 0;
        maskBytes = (part & MASKED) == 0 ? 0 : Integer.BYTES;
        payload = lengthBytes == 0 ? length : 0;
        next = Next.REST_OF_HEAD;
    }

    private void endIfWhole() {
        if (payload == 0) {
            next = Next.FRAME;
            closed |= close;
        }
    }
}
