package io.velo.lanes;

import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.context.annotation.Bean;

/** A name server on loopback that knows no name at all, and a client that asks it; not annotated, so nobody else finds it. */
class NameServer {

    private static final int HEADER = 12;

    @Bean(destroyMethod = "close")
    DatagramSocket nameServerSocket() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread serving = new Thread(() -> serve(socket));
        serving.setDaemon(true);
        serving.start();
        return socket;
    }

    private static void serve(DatagramSocket socket) {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                socket.receive(packet);
                if (packet.getLength() >= HEADER) {
                    packet.getData()[2] = (byte) 0x81;
                    packet.getData()[3] = (byte) 0x83; // an answer: no such name
                    packet.getData()[11] = 0; // and no additional records
                    socket.send(packet);
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    @Bean
    HttpClientCustomizer askingIt(DatagramSocket nameServer) {
        InetSocketAddress address = new InetSocketAddress(nameServer.getLocalAddress(), nameServer.getLocalPort());
        return client -> client.resolver(new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(NioDatagramChannel.class)
                .nameServerProvider(new SingletonDnsServerAddressStreamProvider(address))));
    }
}
