package io.velo.config;

import io.velo.wire.h2.Http2Limits;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

@Configuration(proxyBeanMethods = false)
class Http2LimitsConfiguration {

    /** Fields and target may be as long as by HTTP/1.1; there are two bounds there and one here. */
    @Bean
    Http2Limits http2Limits(VeloConfig config, Environment environment) {
        LbProperties.Http2 http2 = config.global().http2();
        ClientProperties client = config.global().client();
        int target = bytes(environment, "server.netty.max-initial-line-length");
        return new Http2Limits(
                http2.maxConcurrentStreams(),
                (int) http2.initialWindowSize().toBytes(),
                bytes(environment, "server.max-http-request-header-size") + target,
                target,
                http2.maxResets(),
                http2.frameBudget(),
                client.headerTimeout(),
                client.idleTimeout());
    }

    private static int bytes(Environment environment, String key) {
        return (int) Binder.get(environment)
                .bind(key, DataSize.class)
                .orElse(DataSize.ofKilobytes(8))
                .toBytes();
    }
}
