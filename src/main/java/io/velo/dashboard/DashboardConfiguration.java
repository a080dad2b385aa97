package io.velo.dashboard;

import io.micrometer.core.instrument.MeterRegistry;
import io.velo.pool.Pools;
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
    Feed dashboardFeed(Pools pools, MeterRegistry registry, Happenings happenings, Past past) {
        Sampler sampler = new Sampler(
                pools, RequestTimers.of(registry), happenings, past, System::nanoTime, InstantSource.system());
        return new Feed(sampler, happenings, Schedulers.parallel());
    }
}
