package io.velo.tls;

import io.netty.channel.Channel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

/** The TLS session of a client's connection. */
final class ClientSession {

    private ClientSession() {}

    /**
     * What the handshake came to; empty without TLS.
     *
     * @param client a connection, or a stream of one, by HTTP/2 or HTTP/3
     */
    static Optional<SSLSession> of(Channel client) {
        if (client instanceof QuicStreamChannel stream) {
            return Optional.ofNullable(stream.parent().sslEngine()).map(SSLEngine::getSession);
        }
        SslHandler own = client.pipeline().get(SslHandler.class);
        SslHandler tls = own != null || client.parent() == null
                ? own
                : client.parent().pipeline().get(SslHandler.class);
        return Optional.ofNullable(tls).map(handler -> handler.engine().getSession());
    }
}
