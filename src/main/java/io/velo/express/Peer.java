package io.velo.express;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.velo.http.ForwardedFor;
import io.velo.proxyprotocol.ClientAddress;
import io.velo.tls.ClientCertificates;
import io.velo.tls.ClientIdentity;
import io.velo.wire.Http2;
import io.velo.wire.UpstreamHead;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The other end of a client's connection: what is the same for all its requests is worked out once. */
final class Peer {

    private static final AttributeKey<Peer> KEY = AttributeKey.valueOf(Peer.class, "peer");

    private final String address;
    private final Channel connection;
    private final CharSequence via;
    private final boolean secure;
    private final Predicate<String> trusted;
    private final ForwardedFor alone;
    private final ClientIdentity identity;

    private Peer(
            Channel connection, CharSequence via, boolean secure, ClientIdentity identity, Predicate<String> trusted) {
        this.via = via;
        this.connection = connection;
        this.address = ClientAddress.textOf(connection);
        this.secure = secure;
        this.identity = identity;
        this.trusted = trusted;
        this.alone = ForwardedFor.of(address, List.of(), trusted);
    }

    /** The streams of one connection have one peer. */
    static Peer of(Channel channel, Predicate<String> trusted, ClientCertificates certificates) {
        Channel connection = Http2.connection(channel);
        if (connection == channel) {
            return made(connection, UpstreamHead.via(channel), trusted, certificates);
        }
        Peer known = connection.attr(KEY).get();
        if (known == null) {
            known = made(connection, UpstreamHead.via(channel), trusted, certificates);
            connection.attr(KEY).set(known);
        }
        return known;
    }

    private static Peer made(
            Channel channel, CharSequence via, Predicate<String> trusted, ClientCertificates certificates) {
        boolean secure = channel.pipeline().get(SslHandler.class) != null;
        return new Peer(channel, via, secure, secure ? certificates.of(channel) : ClientIdentity.NONE, trusted);
    }

    /** Whether it came by TLS. */
    boolean secure() {
        return secure;
    }

    /** How requests come from there, for {@code Via}. */
    CharSequence via() {
        return via;
    }

    /** The certificate that it showed and that was found good. */
    Optional<X509Certificate> certificate() {
        return secure ? ClientCertificates.shown(connection).stream().findFirst() : Optional.empty();
    }

    /** Whom it has shown to be. */
    ClientIdentity identity() {
        return identity;
    }

    /** Who the client of a request is. */
    ForwardedFor forwardedFor(HttpHeaders head) {
        return alone.trustedPeer() ? ForwardedFor.of(address, UpstreamHead.forwardedFor(head), trusted) : alone;
    }
}
