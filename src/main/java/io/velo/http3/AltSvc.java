package io.velo.http3;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.util.AsciiString;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Tells clients that come by TCP of the server for HTTP/3, in {@code Alt-Svc} (RFC 7838), once there is one. */
@ChannelHandler.Sharable
final class AltSvc extends ChannelOutboundHandlerAdapter {

    /** How long clients may remember it. */
    private static final int SECONDS = 86_400;

    private static final AsciiString FIELD = AsciiString.cached("Alt-Svc");

    private volatile String value = "";
    private volatile int besides;

    /**
     * There is one now.
     *
     * @param port its own
     * @param tcp that of the server that it stands beside
     */
    void at(int port, int tcp) {
        value = "h3=\":" + port + "\"; ma=" + SECONDS;
        besides = tcp;
    }

    /** Whether a connection that came to this address could as well have come by HTTP/3: not if that is for management. */
    boolean concerns(SocketAddress asked) {
        return asked instanceof InetSocketAddress address && address.getPort() == besides;
    }

    /** It goes. */
    void gone() {
        value = "clear";
    }

    /** Takes the place of what a backend says: that is for its own clients. */
    void tell(HttpHeaders answer) {
        String now = value;
        if (!now.isEmpty()) {
            answer.set(FIELD, now);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse head && head.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            tell(head.headers());
        }
        ctx.write(message, promise);
    }
}
