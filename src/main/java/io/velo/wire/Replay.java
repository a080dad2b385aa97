package io.velo.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was sent of a request's body, kept for as long as it may have to be sent again. Beyond a limit nothing is kept. It is a
 * copy, since parts of the network's own buffers would hold on to much more memory than they count. For one event loop.
 */
public final class Replay {

    private final ByteBufAllocator buffers;
    private final long limit;
    private @Nullable ByteBuf kept;
    private boolean lost;

    /**
     * @param limit most bytes that are kept; 0 to keep none
     */
    public Replay(ByteBufAllocator buffers, long limit) {
        this.buffers = buffers;
        this.limit = limit;
    }

    /** A part is sent, and stays the caller's. */
    public void keep(ByteBuf part) {
        int size = part.readableBytes();
        if (lost || size == 0) {
            return;
        }
        ByteBuf known = kept;
        if (size + (known == null ? 0 : known.readableBytes()) > limit) {
            forget();
            lost = true;
            return;
        }
        if (known == null) {
            known = buffers.buffer(size);
            kept = known;
        }
        known.writeBytes(part, part.readerIndex(), size);
    }

    /** Whether everything that was sent, if anything, is here. */
    public boolean whole() {
        return !lost;
    }

    /** All of it, for the caller to release; empty if nothing was sent. */
    public Optional<ByteBuf> again() {
        return Optional.ofNullable(kept).map(ByteBuf::retainedDuplicate);
    }

    /** It won't be sent again. */
    public void forget() {
        ByteBuf known = kept;
        kept = null;
        lost = true;
        if (known != null) {
            known.release();
        }
    }
}
