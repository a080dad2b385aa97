package io.velo.tls;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.util.AsciiString;
import java.time.Duration;

/**
 * Tells browsers in each answer to come by TLS alone from now on (HSTS, RFC 6797), unless the backend says something of its own. For
 * connections by TLS.
 */
@Sharable
public final class StrictTransport extends ChannelOutboundHandlerAdapter {

    private static final AsciiString FIELD = AsciiString.cached("Strict-Transport-Security");

    private final AsciiString value;

    /**
     * @param maxAge how long a browser remembers it
     * @param includeSubDomains whether it holds for all names below, too
     * @param preload whether browsers may bring it along
     */
    public StrictTransport(Duration maxAge, boolean includeSubDomains, boolean preload) {
        this.value = AsciiString.of("max-age=" + maxAge.toSeconds() + (includeSubDomains ? "; includeSubDomains" : "")
                + (preload ? "; preload" : ""));
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse head
                && head.status().codeClass() != HttpStatusClass.INFORMATIONAL
                && !head.headers().contains(FIELD)) {
            head.headers().set(FIELD, value);
        }
        ctx.write(message, promise);
    }
}
