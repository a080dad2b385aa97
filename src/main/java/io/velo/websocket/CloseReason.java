package io.velo.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Why Velo ends a session, as it tells both ends: always 1001, going away, and the reason in words. */
enum CloseReason {
    /** Nobody has said anything for too long. */
    IDLE("idle for too long"),
    /** The backend has drained for long enough. */
    DRAINED("the backend leaves"),
    /** Velo stops. */
    STOPPING("the load balancer stops");

    private static final int GOING_AWAY = 1001;
    private static final int FIN_AND_CLOSE = 0x88;
    private static final int MASKED = 0x80;

    private final String text;

    CloseReason(String text) {
        this.text = text;
    }

    /**
     * The Close frame that says so.
     *
     * @param mask what masks it, as what goes to servers has to be; 0 for none, as what goes to clients
     */
    ByteBuf frame(int mask) {
        int length = Short.BYTES + text.length();
        ByteBuf frame = Unpooled.buffer(2 + Integer.BYTES + length);
        frame.writeByte(FIN_AND_CLOSE).writeByte(mask == 0 ? length : length | MASKED);
        if (mask != 0) {
            frame.writeInt(mask);
        }
        int start = frame.writerIndex();
        frame.writeShort(GOING_AWAY);
        frame.writeCharSequence(text, StandardCharsets.US_ASCII);
        for (int i = 0; i < length; i++) {
            int key = mask >>> (Byte.SIZE * (3 - i % Integer.BYTES));
            frame.setByte(start + i, frame.getByte(start + i) ^ key);
        }
        return frame;
    }
}
