package io.velo.gateway;

import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * The server of a management port of its own. Boot gives it nothing of the other server's: without this, Reactor Netty would start
 * event loops for it, by io_uring with all its buffers where there is io_uring. The management context finds it by the file
 * {@code ManagementContextConfiguration.imports}.
 */
@ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
class ManagementServer {

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> managementLoops(ReactorResourceFactory resources) {
        return server -> server.setResourceFactory(resources);
    }
}
