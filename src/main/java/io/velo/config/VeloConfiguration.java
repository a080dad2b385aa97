package io.velo.config;

import io.velo.accesslog.AccessLogSettings;
import io.velo.auth.AccessControl;
import io.velo.backend.BreakerFactory;
import io.velo.backend.ConcurrencyLimit;
import io.velo.backend.MembershipListener;
import io.velo.backend.OutcomeListener;
import io.velo.backend.TransitionListener;
import io.velo.breaker.CircuitPlan;
import io.velo.concurrency.ConcurrencyPlan;
import io.velo.express.ExpressSettings;
import io.velo.gateway.GatewaySettings;
import io.velo.http3.Http3Settings;
import io.velo.limit.ClientNetwork;
import io.velo.limit.LimitListener;
import io.velo.limit.Overload;
import io.velo.limit.OverloadRule;
import io.velo.limit.RateLimits;
import io.velo.limit.SharedBuckets;
import io.velo.pool.BackendSource;
import io.velo.pool.Canaries;
import io.velo.pool.CanaryListener;
import io.velo.pool.CanaryWiring;
import io.velo.pool.History;
import io.velo.pool.PoolWiring;
import io.velo.pool.Pools;
import io.velo.probe.ProbePlan;
import io.velo.redis.RedisSettings;
import io.velo.route.ExplainRule;
import io.velo.route.TermsByRoute;
import io.velo.strategy.StrategyFactory;
import io.velo.tls.BackendTls;
import io.velo.tls.TlsSettings;
import io.velo.wire.ClientConnections;
import io.velo.wire.MirrorListener;
import io.velo.wire.Mirrors;
import io.velo.wire.TrustedProxies;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.function.SingletonSupplier;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

@Configuration(proxyBeanMethods = false)
class VeloConfiguration {

    @Bean
    static ConfigurationPropertiesBindHandlerAdvisor routesOneByOne(ConfigurableEnvironment environment) {
        return ConfiguredRoutes.advisor(environment);
    }

    @Bean
    LiveSettings liveSettings(
            VeloConfig config,
            Canaries canaries,
            Mirrors mirrors,
            BackendTls tls,
            RateLimits limits,
            AccessControl access,
            TermsByRoute terms) {
        return LiveSettings.of(config, canaries, mirrors, tls, limits, access, terms);
    }

    @Bean
    TlsSettings tlsSettings(VeloConfig config) {
        return Settings.tls(config.global().tls());
    }

    @Bean
    RateLimits rateLimits(ObjectProvider<SharedBuckets> shared, ObjectProvider<LimitListener> listeners) {
        Supplier<List<LimitListener>> told =
                SingletonSupplier.of(() -> listeners.orderedStream().toList());
        return new RateLimits(
                System::nanoTime,
                (limit, cause) -> told.get().forEach(each -> each.denied(limit, cause)),
                shared.orderedStream().findFirst());
    }

    @Bean
    OverloadRule overloadRule(VeloConfig config) {
        OverloadProperties overload = config.global().overload();
        return new OverloadRule(overload.maxLag().toNanos(), overload.maxMemory(), overload.priorityHeader());
    }

    @Bean
    Overload overload(OverloadRule rule) {
        return new Overload(rule, VeloConfiguration::randomBelow);
    }

    @Bean
    TermsByRoute termsByRoute() {
        return new TermsByRoute();
    }

    @Bean
    ClientConnections clientConnections(VeloConfig config) {
        LbProperties global = config.global();
        ClientProperties client = global.client();
        TrustedProxies proxies = new TrustedProxies(global.forwarded().proxyProtocol());
        return new ClientConnections(
                client.maxConnections(),
                client.maxConnectionsPerAddress(),
                address -> proxies.test(address) ? "" : ClientNetwork.of(address));
    }

    @Bean
    RedisSettings redisSettings(VeloConfig config) {
        return LimitSettings.redis(config.global().rateLimit().redis());
    }

    @Bean
    Mirrors mirrors(ObjectProvider<Pools> pools, ObjectProvider<MirrorListener> listeners) {
        return new Mirrors(
                SingletonSupplier.of(pools::getObject),
                VeloConfiguration::randomBelow,
                SingletonSupplier.of(() -> listeners.orderedStream().toList()));
    }

    @Bean
    Canaries canaries(ObjectProvider<CanaryListener> listeners) {
        return new Canaries(new CanaryWiring(
                VeloConfiguration::randomBelow,
                System::nanoTime,
                InstantSource.system(),
                // some of them know the canaries
                SingletonSupplier.of(() -> listeners.orderedStream().toList())));
    }

    @Bean
    ProbePlan probePlan(LiveSettings settings) {
        return new ProbePlan(settings.probe());
    }

    @Bean
    CircuitPlan circuitPlan(LiveSettings settings) {
        return new CircuitPlan(settings.circuit());
    }

    @Bean
    ConcurrencyPlan concurrencyPlan(LiveSettings settings) {
        return new ConcurrencyPlan(settings.concurrency());
    }

    @Bean
    GatewaySettings gatewaySettings(VeloConfig config, LiveSettings settings) {
        LbProperties global = config.global();
        return new GatewaySettings(
                settings.upstream(),
                global.forwarded().trusted(),
                global.forwarded().proxyProtocol(),
                ClientSettings.rules(global.client()),
                global.express().enabled(),
                explainRule(global));
    }

    @Bean
    ExpressSettings expressSettings(VeloConfig config, LiveSettings settings) {
        LbProperties global = config.global();
        return new ExpressSettings(
                settings.upstream(),
                global.forwarded().trusted(),
                explainRule(global),
                global.client().writeTimeout());
    }

    private static ExplainRule explainRule(LbProperties global) {
        return new ExplainRule(global.explain().enabled(), global.explain().token());
    }

    @Bean
    Http3Settings http3Settings(VeloConfig config) {
        LbProperties.Http3 http3 = config.global().http3();
        return new Http3Settings(
                http3.enabled(), http3.port(), config.global().client().idleTimeout());
    }

    @Bean
    AccessLogSettings accessLogSettings(VeloConfig config) {
        LbProperties.AccessLog log = config.global().accessLog();
        return new AccessLogSettings(
                log.format(), log.file(), log.maxFileSize().toBytes(), log.maxHistory(), log.queueSize());
    }

    @Bean
    PoolWiring poolWiring(
            BreakerFactory breakers,
            ObjectProvider<OutcomeListener> outcomes,
            ObjectProvider<TransitionListener> transitions,
            ObjectProvider<MembershipListener> members,
            ConcurrencyLimit.Factory concurrency) {
        return new PoolWiring(
                breakers,
                GuardedListeners.ofOutcomes(outcomes.orderedStream().toList()),
                GuardedListeners.ofTransitions(transitions.orderedStream().toList()),
                // some of them know the pools, which are still to be made
                () -> GuardedListeners.ofMembership(members.orderedStream().toList()),
                System::nanoTime,
                InstantSource.system(),
                concurrency,
                VeloConfiguration::randomBelow);
    }

    @Bean
    PoolAssembly poolAssembly(
            PoolWiring wiring,
            ObjectProvider<StrategyFactory> strategies,
            ObjectProvider<BackendSource> sources,
            Discovered discovered) {
        return new PoolAssembly(
                strategies.orderedStream().toList(),
                sources.orderedStream().toList(),
                wiring,
                VeloConfiguration::randomBelow,
                discovered);
    }

    @Bean
    Pools pools(VeloConfig config, PoolAssembly assembly) {
        return assembly.assemble(config.pools());
    }

    @Bean
    History history() {
        return new History();
    }

    private static int randomBelow(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }

    @Bean
    StartupLog startupLog(Pools pools, VeloConfig config, LoopResources loops) {
        return new StartupLog(pools, config, loops);
    }

    @Bean
    PoolClock poolClock(Pools pools) {
        return new PoolClock(pools, Schedulers.parallel());
    }
}
