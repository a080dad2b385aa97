package com.example.shop;

import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class Agent {

    /** Backends are told by whom they are asked. */
    @Bean
    HttpClientCustomizer userAgent() {
        return client -> client.headers(headers -> headers.set("X-Asked-By", "velo"));
    }
}
