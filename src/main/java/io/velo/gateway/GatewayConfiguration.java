package io.velo.gateway;

import io.velo.access.Guard;
import io.velo.backend.ConnectionCounts;
import io.velo.gateway.routes.RouteTables;
import io.velo.limit.Overload;
import io.velo.limit.RateLimits;
import io.velo.pool.Canaries;
import io.velo.pool.Pools;
import io.velo.route.RecordListener;
import io.velo.route.RequestListener;
import io.velo.route.RequestTracer;
import io.velo.route.Routes;
import io.velo.route.SecondChances;
import io.velo.route.TermsByRoute;
import io.velo.tls.BackendTls;
import io.velo.tls.ClientCertificates;
import io.velo.websocket.Sessions;
import io.velo.wire.BackendConnections;
import io.velo.wire.Records;
import io.velo.wire.TrustedProxies;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.observation.GatewayObservationConvention;
import org.springframework.cloud.gateway.handler.predicate.RoutePredicateFactory;
import org.springframework.cloud.gateway.route.RouteDefinitionLocator;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.ConversionService;
import org.springframework.validation.Validator;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.LoopResources;

@Configuration(proxyBeanMethods = false)
@LoadBalancerClients(defaultConfiguration = PoolLoadBalancerConfiguration.class)
class GatewayConfiguration {

    /** Names of the gateway's own route locators; with any other one, routes come from elsewhere. */
    private static final List<String> OWN_LOCATORS =
            List.of("routeDefinitionRouteLocator", "cachedCompositeRouteLocator");

    @Bean
    Routes routes() {
        return new Routes();
    }

    @Bean
    GatewayRoutes gatewayRoutes(
            GatewayProperties properties,
            Routes routes,
            Pools pools,
            GatewaySettings settings,
            ConfigurableApplicationContext context) {
        boolean otherRoutes = List.of(context.getBeanNamesForType(RouteLocator.class, true, false)).stream()
                .anyMatch(name -> !OWN_LOCATORS.contains(name));
        return new GatewayRoutes(
                properties,
                routes,
                RouteTables.of(context, pools, settings.express(), InstantSource.system()),
                () -> context.getBean(RouteDefinitionLocator.class),
                otherRoutes);
    }

    @Bean
    @SuppressWarnings("rawtypes") // so are the gateway's
    LiveRoutes liveRoutes(
            GatewayProperties properties,
            ObjectProvider<RoutePredicateFactory> predicates,
            ObjectProvider<GatewayFilterFactory> filters,
            @Qualifier("webFluxConversionService") ObjectProvider<ConversionService> conversion,
            ObjectProvider<Validator> validator,
            ConfigurableApplicationContext context,
            Routes routes) {
        return new LiveRoutes(
                properties,
                predicates.orderedStream().toList(),
                filters.orderedStream().toList(),
                new ConfigurationService(context.getBeanFactory(), conversion, validator),
                context,
                routes);
    }

    @Bean
    BackendClients backendClients(
            GatewaySettings settings,
            LoopResources loops,
            BackendTls tls,
            ObjectProvider<ConnectionCounts.Listener> listeners,
            ObjectProvider<HttpClientCustomizer> customizers) {
        return new BackendClients(
                settings.upstream(),
                new ConnectionGauges(listeners.orderedStream().toList()),
                tls,
                client -> customized(client.runOn(loops), customizers),
                Schedulers.parallel());
    }

    /** The gateway's customizers shape its own client and Velo's alike. */
    private static HttpClient customized(HttpClient client, ObjectProvider<HttpClientCustomizer> customizers) {
        HttpClient customized = client;
        for (HttpClientCustomizer customizer : customizers.orderedStream().toList()) {
            customized = customizer.customize(customized);
        }
        return customized;
    }

    @Bean
    ForwardedHeaders forwardedHeaders(GatewaySettings settings, ClientCertificates certificates) {
        return new ForwardedHeaders(new TrustedProxies(settings.trustedProxies()), certificates);
    }

    @Bean
    Records records(
            GatewaySettings settings, ObjectProvider<RecordListener> listeners, ObjectProvider<RequestTracer> tracers) {
        return new Records(
                listeners.orderedStream().toList(),
                tracers.orderedStream().findFirst(),
                new TrustedProxies(settings.trustedProxies()),
                System::nanoTime,
                InstantSource.system());
    }

    @Bean
    TraceFields traceFields(Records records) {
        return new TraceFields(records.traced());
    }

    @Bean
    Endings endings(Records records, ObjectProvider<RequestListener> listeners) {
        return new Endings(listeners.orderedStream().toList(), records, System::nanoTime);
    }

    @Bean
    AccountingFilter accountingFilter(Endings endings, ForwardedHeaders forwardedHeaders, BackendClients clients) {
        return new AccountingFilter(endings, forwardedHeaders, clients, Schedulers.parallel());
    }

    @Bean
    @Conditional(ExplainFilter.Wanted.class)
    ExplainFilter explainFilter(GatewaySettings settings) {
        return new ExplainFilter(settings.explain(), System::nanoTime);
    }

    @Bean
    LimitFilter limitFilter(RateLimits limits) {
        return new LimitFilter(limits);
    }

    @Bean
    ShedFilter shedFilter(Overload overload, TermsByRoute terms) {
        return new ShedFilter(overload, terms);
    }

    @Bean
    GuardFilter guardFilter(Guard guard) {
        return new GuardFilter(guard);
    }

    @Bean
    BodyLimitFilter bodyLimitFilter(TermsByRoute terms) {
        return new BodyLimitFilter(terms);
    }

    @Bean
    CanaryFilter canaryFilter(Pools pools, Canaries canaries) {
        return new CanaryFilter(pools, canaries);
    }

    @Bean
    Repeats repeats(Pools pools, BackendClients clients, ObjectProvider<RequestListener> listeners) {
        SecondChances chances = new SecondChances(listeners.orderedStream().toList());
        return new Repeats(pools, clients::settings, chances, System::nanoTime);
    }

    @Bean
    PickFilter pickFilter(Pools pools, LoadBalancerClientFactory loadBalancers, Repeats repeats) {
        return new PickFilter(pools, loadBalancers, repeats);
    }

    @Bean
    HeaderFilters headerFilters(
            ObjectProvider<List<HttpHeadersFilter>> filters,
            Observations observations,
            ObjectProvider<GatewayObservationConvention> conventions) {
        boolean observed = observations.wanted("http.client.requests")
                || conventions.stream().findAny().isPresent();
        return new HeaderFilters(() -> filters.getIfAvailable(List::of), observed);
    }

    @Bean
    DirectUpstream directUpstream(
            BackendConnections connections,
            HeaderFilters headerFilters,
            Repeats repeats,
            Sessions sessions,
            ObjectProvider<HttpClientCustomizer> customizers) {
        return new DirectUpstream(
                connections,
                headerFilters,
                repeats,
                sessions,
                customizers.stream().findAny().isEmpty());
    }

    @Bean
    ForwardFilter forwardFilter(
            BackendClients clients, DirectUpstream direct, HeaderFilters headerFilters, Repeats repeats) {
        return new ForwardFilter(clients, direct, headerFilters, repeats, Schedulers.parallel());
    }

    @Bean
    SessionFilter sessionFilter(BackendClients clients, DirectUpstream direct) {
        return new SessionFilter(clients, direct);
    }

    @Bean
    WriteFilter writeFilter(BackendClients clients, HeaderFilters headerFilters) {
        return new WriteFilter(clients, headerFilters);
    }

    @Bean
    GrpcWebGatewayFilterFactory grpcWebGatewayFilterFactory() {
        return new GrpcWebGatewayFilterFactory();
    }

    @Bean
    static LeasedWebSockets leasedWebSockets() {
        return new LeasedWebSockets();
    }

    @Bean
    static Http11WebSockets http11WebSockets() {
        return new Http11WebSockets();
    }

    @Bean
    ProblemHandler problemHandler(Endings endings) {
        return new ProblemHandler(endings);
    }
}
