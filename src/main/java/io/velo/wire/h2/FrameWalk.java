package io.velo.wire.h2;

import io.netty.buffer.ByteBuf;
import java.util.function.Predicate;

/**
 * Finds the frames among the bytes of one direction of an HTTP/2 connection (RFC 9113 section 4.1), however they are cut into
 * buffers, and leaves the bytes as they are. Costs a look at nine to seventeen bytes for each frame. For one event loop.
 */
final class FrameWalk {

    private static final int HEAD = 9;
    private static final int MOST_KEPT_OF_PAYLOAD = 8;

    private final Predicate<FrameWalk> taker;
    private final byte[] kept = new byte[HEAD + MOST_KEPT_OF_PAYLOAD];
    private int known;
    private int skip;

    /**
     * @param taker told of each frame as soon as its first bytes are there; false if it has had enough
     * @param lead bytes before the first frame
     */
    FrameWalk(Predicate<FrameWalk> taker, int lead) {
        this.taker = taker;
        this.skip = lead;
    }

    /** Goes through what has come. False as soon as the taker has had enough. */
    boolean goOn(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (skip > 0) {
                int skipped = Math.min(skip, end - at);
                skip -= skipped;
                at += skipped;
                continue;
            }
            int read = Math.min(wanted() - known, end - at);
            bytes.getBytes(at, kept, known, read);
            known += read;
            at += read;
            if (known >= HEAD && known == wanted() && !told()) {
                return false;
            }
        }
        return true;
    }

    private int wanted() {
        return known < HEAD ? HEAD : HEAD + Math.min(length(), MOST_KEPT_OF_PAYLOAD);
    }

    private boolean told() {
        skip = length() - (known - HEAD);
        known = 0;
        return taker.test(this);
    }

    /** Whether the bytes so far end inside of a frame of this type, or before the first one. */
    boolean endsInside(byte type) {
        return (skip > 0 || known > 0) && type() == type;
    }

    byte type() {
        return kept[3];
    }

    boolean has(short flag) {
        return (kept[4] & flag) != 0;
    }

    int length() {
        return (kept[0] & 0xff) << 16 | (kept[1] & 0xff) << 8 | (kept[2] & 0xff);
    }

    int stream() {
        return number(5) & Integer.MAX_VALUE;
    }

    /** Four bytes of the payload, of the first eight. */
    int number(int offset) {
        return (kept[offset] & 0xff) << 24
                | (kept[offset + 1] & 0xff) << 16
                | (kept[offset + 2] & 0xff) << 8
                | (kept[offset + 3] & 0xff);
    }

    /** The first byte of the payload. */
    int firstByte() {
        return kept[HEAD] & 0xff;
    }

    /** The error that RST_STREAM tells. */
    int resetCode() {
        return number(HEAD);
    }

    /** The error that GOAWAY tells. */
    int goAwayCode() {
        return number(HEAD + 4);
    }
}
