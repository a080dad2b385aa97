package com.example.shop;

import java.util.List;
import java.util.function.Predicate;
import org.springframework.cloud.gateway.handler.predicate.AbstractRoutePredicateFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** {@code Tenant=red}: requests whose host begins with {@code red.}. */
@Component
class TenantRoutePredicateFactory extends AbstractRoutePredicateFactory<TenantRoutePredicateFactory.Config> {

    TenantRoutePredicateFactory() {
        super(Config.class);
    }

    @Override
    public List<String> shortcutFieldOrder() {
        return List.of("name");
    }

    @Override
    public Predicate<ServerWebExchange> apply(Config config) {
        String begin = config.name() + ".";
        return exchange -> exchange.getRequest().getURI().getHost().startsWith(begin);
    }

    record Config(String name) {}
}
