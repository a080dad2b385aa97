package com.example.shop;

import java.util.List;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.stereotype.Component;

/** {@code Stamp=red}: backends get {@code X-Stamp: red}. */
@Component
class StampGatewayFilterFactory extends AbstractGatewayFilterFactory<StampGatewayFilterFactory.Config> {

    StampGatewayFilterFactory() {
        super(Config.class);
    }

    @Override
    public List<String> shortcutFieldOrder() {
        return List.of("text");
    }

    @Override
    public GatewayFilter apply(Config config) {
        return (exchange, chain) -> chain.filter(exchange.mutate()
                .request(request -> request.header("X-Stamp", config.text()))
                .build());
    }

    record Config(String text) {}
}
