package io.velo.wire.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The end of a client's HTTP/2 connection by this side: GOAWAY (RFC 9113 section 6.8), and that it is told why. Either happens
 * once. For one event loop.
 */
final class Farewell {

    private static final int GOAWAY_LENGTH = 8;

    private final Consumer<Flood> endings;
    private boolean said;
    private boolean told;

    /**
     * @param endings told why a connection was ended
     */
    Farewell(Consumer<Flood> endings) {
        this.endings = endings;
    }

    /** Whether GOAWAY was said here, so that nothing else may be. */
    boolean said() {
        return said;
    }

    /**
     * Says GOAWAY and closes the connection as soon as that is out.
     *
     * @param highest the last stream that counts
     */
    void say(ChannelHandlerContext ctx, int highest, Http2Error why, Flood kind) {
        if (said) {
            return;
        }
        said = true;
        tell(kind);
        ByteBuf goAway = ctx.alloc().buffer(Http2CodecUtil.FRAME_HEADER_LENGTH + GOAWAY_LENGTH);
        goAway.writeMedium(GOAWAY_LENGTH)
                .writeByte(Http2FrameTypes.GO_AWAY)
                .writeByte(0)
                .writeInt(0);
        goAway.writeInt(highest).writeInt((int) why.code());
        ctx.writeAndFlush(goAway).addListener(ChannelFutureListener.CLOSE);
        closeSoon(ctx);
    }

    /** The codec says GOAWAY, and closes as soon as its word is out, which may be never. */
    void saidByCodec(ChannelHandlerContext ctx, Flood kind) {
        tell(kind);
        closeSoon(ctx);
    }

    private void tell(Flood kind) {
        if (!told) {
            told = true;
            endings.accept(kind);
        }
    }

    /** From here, so that the codec doesn't wait for streams to end. A client that doesn't read isn't waited for. */
    static void closeSoon(ChannelHandlerContext ctx) {
        ctx.executor().schedule(() -> ctx.close(), 1, TimeUnit.SECONDS);
    }
}
