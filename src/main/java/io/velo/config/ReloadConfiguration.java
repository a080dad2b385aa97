package io.velo.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.velo.backend.MembershipListener;
import io.velo.change.Operations;
import io.velo.change.Reloads;
import io.velo.gateway.LiveRoutes;
import io.velo.pool.Canaries;
import io.velo.pool.Pools;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** What changes the configuration while Velo runs. */
@Configuration(proxyBeanMethods = false)
class ReloadConfiguration {

    @Bean
    FreshEnvironment freshEnvironment(ConfigurableEnvironment environment) {
        return new FreshEnvironment(environment);
    }

    @Bean
    LiveConfiguration liveConfiguration(
            ConfigurableEnvironment environment,
            VeloConfig config,
            PoolAssembly assembly,
            LiveSettings settings,
            Pools pools,
            ObjectProvider<LiveRoutes> routes,
            ObjectProvider<MembershipListener> members) {
        return new LiveConfiguration(
                Candidate.of(environment, config),
                assembly,
                settings,
                pools,
                routes::getObject,
                () -> GuardedListeners.ofMembership(members.orderedStream().toList()));
    }

    @Bean
    Operations operations(LiveConfiguration live, Pools pools, Canaries canaries, VeloConfig config) {
        return new LiveOperations(
                live,
                pools,
                canaries,
                new AllowedBackends(config.global().admin().backends()));
    }

    @Bean
    Reloads reloads(
            ConfigurableEnvironment environment, FreshEnvironment fresh, LiveConfiguration live, MeterRegistry meters) {
        ReadBefore before = new ReadBefore();
        return new Reloader(
                () -> Candidate.of(fresh.read(), before),
                live,
                FixedKeys.of(environment),
                meters,
                InstantSource.system());
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "lb.reload.watch", matchIfMissing = true)
    FileWatch fileWatch(FreshEnvironment fresh, Reloads reloads, VeloConfig config) {
        return new FileWatch(fresh::files, reloads, config.global().reload().poll());
    }

    /** On a thread of its own, which the JVM makes for each signal. */
    @Bean
    SmartInitializingSingleton reloadAtHangUp(Reloads reloads) {
        return () -> HangUp.does(() -> reloads.reload("SIGHUP"));
    }
}
