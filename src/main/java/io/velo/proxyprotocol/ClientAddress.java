package io.velo.proxyprotocol;

import io.netty.channel.Channel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Whose a client's connection is: who has opened it, or whom a trusted proxy has named. */
public final class ClientAddress {

    /** Where Reactor Netty looks, too, so that everybody is told the same. */
    private static final AttributeKey<SocketAddress> TOLD = AttributeKey.valueOf("remoteAddressFromProxyProtocol");

    private ClientAddress() {}

    /** The address, with its port. */
    public static @Nullable SocketAddress of(Channel client) {
        SocketAddress told = client.attr(TOLD).get();
        if (told != null) {
            return told;
        }
        return client instanceof QuicChannel quic ? quic.remoteSocketAddress() : client.remoteAddress();
    }

    /** The address that the connection came to. */
    static @Nullable SocketAddress asked(Channel client) {
        return client instanceof QuicChannel quic ? quic.localSocketAddress() : client.localAddress();
    }

    /** The address as text, {@code unknown} if it is none of the internet's. */
    public static String textOf(Channel client) {
        return of(client) instanceof InetSocketAddress address && address.getAddress() != null
                ? address.getAddress().getHostAddress()
                : "unknown";
    }

    static void tell(Channel client, InetSocketAddress address) {
        client.attr(TOLD).set(address);
    }
}
