package io.velo.gateway;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/** The port on which Velo is probed and operated, if it isn't that of the traffic. Who comes there is no client. Thread-safe. */
final class ManagementPort implements ApplicationListener<WebServerInitializedEvent> {

    /** Boot's name for the server of a management port of its own. */
    private static final String NAMESPACE = "management";

    private volatile int port; // 0 until it is open

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        if (NAMESPACE.equals(event.getApplicationContext().getServerNamespace())) {
            port = event.getWebServer().getPort();
        }
    }

    /** Whether a connection came in by it. */
    boolean took(Channel channel) {
        return channel.localAddress() instanceof InetSocketAddress local && local.getPort() == port;
    }
}
