package io.velo.gateway;

import io.micrometer.observation.ObservationPredicate;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.webflux.autoconfigure.WebHttpHandlerBuilderCustomizer;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.handler.RoutePredicateHandlerMapping;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.accept.ApiVersionStrategy;

/** Puts cheaper parts in the place of the gateway's and WebFlux' own, where they do the same. */
@Configuration(proxyBeanMethods = false)
class LeanPathConfiguration {

    @Bean
    TargetFilter targetFilter() {
        return new TargetFilter();
    }

    @Bean
    RoutePredicateHandlerMapping routePredicateHandlerMapping(
            FilteringWebHandler handler,
            RouteLocator locator,
            GlobalCorsProperties cors,
            Environment environment,
            ObjectProvider<ApiVersionStrategy> versions) {
        RouteMapping mapping = new RouteMapping(handler, locator, cors, environment);
        versions.ifAvailable(mapping::setApiVersionStrategy);
        return mapping;
    }

    /** The dispatcher is no bean to be replaced: WebFlux makes it under this name, others ask for it by its type. */
    @Bean
    static BeanPostProcessor dispatcher(ApplicationContext context) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean.getClass() == DispatcherHandler.class ? new GatewayDispatcher(context) : bean;
            }
        };
    }

    @Bean
    Observations observations(
            ObjectProvider<ObservationRegistry> registry, ObjectProvider<ObservationPredicate> predicates) {
        return new Observations(registry.getIfAvailable(() -> ObservationRegistry.NOOP), predicates);
    }

    @Bean
    WebHttpHandlerBuilderCustomizer observedIfWanted(Observations observations) {
        return handler -> {
            if (!observations.wanted("http.server.requests")) {
                handler.observationRegistry(ObservationRegistry.NOOP);
            }
        };
    }
}
