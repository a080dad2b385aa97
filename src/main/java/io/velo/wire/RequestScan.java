package io.velo.wire;

import io.netty.buffer.ByteBuf;

/**
 * Looks at the bytes of requests before they are decoded, and finds what Netty's decoder would put right by itself although
 * others might read it in another way: folded lines, line ends that are no CRLF, sloppy chunk sizes. Goes over each byte of a
 * head once, however the bytes come in, and jumps over bodies. Leaves alone what the decoder refuses.
 */
final class RequestScan {

    private enum At {
        LINE_START,
        IN_LINE,
        EMPTY_LINE,
        SIZE_START,
        SIZE,
        BEHIND_SIZE,
        EXTENSION,
        SIZE_END,
        CHUNK,
        CHUNK_END,
        CHUNK_END_LF,
        /** Of the head or the trailers; what follows is known as soon as the decoder has come as far. */
        SECTION_END,
        BODY
    }

    private static final int BAD = -1;

    private At at = At.LINE_START;
    private int ahead; // bytes that were looked at but not decoded yet
    private boolean begun; // a line of this section, the request line in a head, has been seen
    private boolean chunked;
    private long size;

    /** Looks at what has come in. False if it is bad; then it makes no sense to go on. */
    boolean accepts(ByteBuf in) {
        int start = in.readerIndex();
        int end = in.writerIndex();
        int position = start + ahead;
        while (position < end && at != At.SECTION_END && at != At.BODY) {
            position = step(in, position, end);
            if (position == BAD) {
                return false;
            }
        }
        ahead = at == At.BODY ? 0 : position - start;
        return true;
    }

    /** The decoder has taken so many bytes. */
    void decoded(int bytes) {
        ahead = Math.max(0, ahead - bytes);
    }

    /** The decoder has come to the end of a head. */
    void headEnded(boolean bodyIsChunked) {
        chunked = bodyIsChunked;
        at = bodyIsChunked ? At.SIZE_START : At.BODY;
        size = 0;
    }

    /** The decoder has come to the end of a request. */
    void requestEnded() {
        chunked = false;
        begun = false;
        at = At.LINE_START;
    }

    /** Whether the fields that are decoded now stand behind chunks. */
    boolean inTrailers() {
        return chunked;
    }

    private int step(ByteBuf in, int position, int end) {
        return switch (at) {
            case LINE_START -> lineStart(in.getByte(position), position);
            case IN_LINE -> lineEnd(in, position, end, At.LINE_START);
            case EMPTY_LINE -> expect('\n', in, position, begun ? At.SECTION_END : At.LINE_START);
            case CHUNK -> chunk(position, end);
            case CHUNK_END -> expect('\r', in, position, At.CHUNK_END_LF);
            case CHUNK_END_LF -> expect('\n', in, position, At.SIZE_START);
            case EXTENSION -> sizeLineEnd(in, position, end);
            case SIZE_END -> expect('\n', in, position, behindSizeLine());
            default -> size(in.getByte(position), position);
        };
    }

    private int lineStart(byte first, int position) {
        if (first == '\r') {
            at = At.EMPTY_LINE;
            return position + 1;
        }
        if (first == ' ' || first == '\t' || first == '\n' || (!begun && (first < '!' || first > '~'))) {
            return BAD; // a folded line, an empty one of LF alone, or no HTTP at all
        }
        at = At.IN_LINE;
        return position;
    }

    /** That CR stands before LF is the decoder's matter. */
    private int lineEnd(ByteBuf in, int position, int end, At next) {
        int feed = in.indexOf(position, end, (byte) '\n');
        if (feed < 0) {
            return end;
        }
        begun = true;
        at = next;
        return feed + 1;
    }

    private int expect(char wanted, ByteBuf in, int position, At next) {
        if (in.getByte(position) != wanted) {
            return BAD;
        }
        at = next;
        return position + 1;
    }

    private int size(byte digit, int position) {
        int value = at == At.BEHIND_SIZE ? -1 : Character.digit(digit, 16);
        if (value >= 0) {
            size = size * 16 + value;
            at = At.SIZE;
        } else if (at == At.SIZE_START) {
            return BAD;
        } else if (digit == ';') {
            at = At.EXTENSION;
        } else if (digit == ' ' || digit == '\t') {
            at = At.BEHIND_SIZE; // may stand before an extension
        } else if (digit == '\r' && at == At.SIZE) {
            at = At.SIZE_END;
        } else {
            return BAD;
        }
        return size > Integer.MAX_VALUE ? BAD : position + 1;
    }

    private int sizeLineEnd(ByteBuf in, int position, int end) {
        return lineEnd(in, position, end, behindSizeLine());
    }

    private At behindSizeLine() {
        return size == 0 ? At.LINE_START : At.CHUNK;
    }

    private int chunk(int position, int end) {
        int part = (int) Math.min(size, end - position);
        size -= part;
        if (size == 0) {
            at = At.CHUNK_END;
        }
        return position + part;
    }
}
