package io.velo.gateway.routes;

import io.micrometer.tracing.Tracer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.reactive.ReactiveWebServerFactory;
import org.springframework.boot.webflux.autoconfigure.WebHttpHandlerBuilderCustomizer;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClientSpecification;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;

/**
 * Finds beans by which somebody else has a say in proxied requests: a security filter, a header filter, a customizer of the
 * server. The express lane would walk around them. What Velo declares is known, and of what Spring brings, the classes that
 * change nothing or what the express lane does, too.
 */
final class ForeignBeans {

    private static final String SPRING = "org.springframework.";

    /** Anything of these types can change, answer or refuse a request. */
    private static final List<Class<?>> TYPES = List.of(
            WebFilter.class,
            GlobalFilter.class,
            HttpHeadersFilter.class,
            HttpClientCustomizer.class,
            NettyServerCustomizer.class,
            NettyRouteProvider.class,
            WebServerFactoryCustomizer.class,
            ReactiveWebServerFactory.class,
            HttpHandler.class,
            HttpHandlerDecoratorFactory.class,
            WebHttpHandlerBuilderCustomizer.class,
            ForwardedHeaderTransformer.class,
            WebHandler.class,
            WebExceptionHandler.class,
            ReactiveLoadBalancer.class,
            LoadBalancerClientSpecification.class,
            Tracer.class);

    /** By name, since the lanes don't see each other; a package would let in what others put there. */
    private static final Set<String> VELO = Set.of(
            "io.velo.admin.ReadersGate", // of Velo's own paths, which are always the gateway lane's
            "io.velo.auth.AuthConfiguration",
            "io.velo.gateway.ClientSideConfiguration",
            "io.velo.gateway.GatewayConfiguration",
            "io.velo.gateway.Http2Configuration",
            "io.velo.gateway.LeanPathConfiguration",
            "io.velo.express.ExpressConfiguration",
            "io.velo.http3.Http3Configuration",
            "io.velo.tls.TlsConfiguration");

    private static final Set<String> HARMLESS = Set.of(
            "io.micrometer.tracing.otel.bridge.OtelTracer", // io.velo.tracing follows requests in its stead
            "io.velo.gateway.GatewayDispatcher", // in the place of a bean of Spring's
            "org.springframework.cloud.gateway.filter.WeightCalculatorWebFilter",
            "org.springframework.cloud.gateway.filter.AdaptCachedBodyGlobalFilter",
            "org.springframework.cloud.gateway.filter.ForwardPathFilter",
            "org.springframework.cloud.gateway.filter.ForwardRoutingFilter",
            "org.springframework.cloud.gateway.filter.FunctionRoutingFilter",
            "org.springframework.cloud.gateway.filter.GatewayMetricsFilter",
            "org.springframework.cloud.gateway.filter.NettyRoutingFilter",
            "org.springframework.cloud.gateway.filter.NettyWriteResponseFilter",
            "org.springframework.cloud.gateway.filter.RemoveCachedBodyFilter",
            "org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter",
            "org.springframework.cloud.gateway.filter.StreamRoutingFilter",
            "org.springframework.cloud.gateway.filter.WebsocketRoutingFilter",
            "org.springframework.cloud.gateway.filter.headers.GRPCRequestHeadersFilter",
            "org.springframework.cloud.gateway.filter.headers.GRPCResponseHeadersFilter",
            "org.springframework.cloud.gateway.filter.headers.RemoveForwardedHeadersFilter",
            "org.springframework.cloud.gateway.filter.headers.RemoveHopByHopHeadersFilter",
            "org.springframework.cloud.gateway.filter.headers.RemoveXForwardedHeadersFilter",
            "org.springframework.cloud.gateway.filter.headers.TransferEncodingNormalizationHeadersFilter",
            "org.springframework.cloud.gateway.filter.headers.observation.ObservationClosingWebExceptionHandler",
            "org.springframework.cloud.gateway.filter.headers.observation.ObservedRequestHttpHeadersFilter",
            "org.springframework.cloud.gateway.filter.headers.observation.ObservedResponseHttpHeadersFilter",
            "org.springframework.cloud.gateway.handler.FilteringWebHandler",
            "org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory",
            "org.springframework.boot.webflux.actuate.web.exchanges.HttpExchangesWebFilter",
            "org.springframework.boot.webflux.autoconfigure.error.DefaultErrorWebExceptionHandler",
            "org.springframework.web.reactive.DispatcherHandler",
            "org.springframework.web.reactive.handler.WebFluxResponseStatusExceptionHandler",
            "org.springframework.web.server.adapter.HttpWebHandlerAdapter");

    private final Beans beans;

    ForeignBeans(Beans beans) {
        this.beans = beans;
    }

    /** A sentence that names the first such bean. */
    Optional<String> why() {
        return TYPES.stream()
                .flatMap(type -> beans.of(type).entrySet().stream())
                .filter(bean -> !isKnown(bean.getKey(), bean.getValue()))
                .map(ForeignBeans::told)
                .findFirst();
    }

    private static String told(Map.Entry<String, ?> bean) {
        return Beans.told(bean.getKey(), bean.getValue()) + " has a say in every request";
    }

    private boolean isKnown(String name, Object bean) {
        if (bean instanceof LoadBalancerClientSpecification clients) {
            return isKnown(clients.getName());
        }
        Class<?> origin = beans.originOf(name, bean);
        if (VELO.contains(origin.getName())) {
            return true;
        }
        boolean spring = origin.getName().startsWith(SPRING);
        return spring && (bean instanceof WebServerFactoryCustomizer || HARMLESS.contains(className(bean)));
    }

    private static String className(Object bean) {
        return bean.getClass().getName();
    }

    /** Velo's own load balancer for all pools, and what Spring brings along without one. */
    private static boolean isKnown(String loadBalancerClients) {
        return loadBalancerClients.startsWith("default.io.velo.gateway.GatewayConfiguration")
                || loadBalancerClients.startsWith("default." + SPRING);
    }
}
