package io.velo.dashboard;

import io.micrometer.core.instrument.MeterRegistry;
import io.velo.change.Searches;
import io.velo.pool.Canaries;
import io.velo.pool.Pools;
import io.velo.wire.Mirrors;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

/** What watches; the page itself is of {@link DashboardRoutes}. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "lb.dashboard.enabled", matchIfMissing = true)
class DashboardConfiguration {

    private static final Duration SHOWN = Duration.ofMinutes(15);

    @Bean
    Happenings dashboardHappenings() {
        return new Happenings(InstantSource.system());
    }

    @Bean
    Past dashboardPast() {
        return new Past((int) SHOWN.dividedBy(Feed.EVERY));
    }

    @Bean
    Beside.Sources dashboardBeside(Canaries canaries, Mirrors mirrors, Searches searches) {
        return new Beside.Sources(canaries, mirrors, searches);
    }

    @Bean
    Feed dashboardFeed(Pools pools, Beside.Sources beside, MeterRegistry registry, Happenings happenings, Past past) {
        Sampler sampler = new Sampler(
                pools, beside, RequestTimers.of(registry), happenings, past, System::nanoTime, InstantSource.system());
        return new Feed(sampler, happenings, Schedulers.parallel());
    }
}
