package io.velo.config;

import io.netty.channel.socket.ServerSocketChannel;
import io.velo.backend.Backend;
import io.velo.pool.Pool;
import io.velo.pool.Pools;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;
import reactor.netty.resources.LoopResources;

/** Says in a few lines what runs: where it listens, over what it balances, where to look. */
final class StartupLog implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger log = LoggerFactory.getLogger("io.velo");

    private final Pools pools;
    private final VeloConfig config;
    private final LoopResources loops;

    StartupLog(Pools pools, VeloConfig config, LoopResources loops) {
        this.loops = loops;
        this.pools = pools;
        this.config = config;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        Environment environment = ready.getApplicationContext().getEnvironment();
        String port = environment.getProperty("local.server.port", "?");
        String management = environment.getProperty("local.management.port", port);
        log.info("balancing on {}:{} by {}", environment.getProperty("server.address", "0.0.0.0"), port, transport());
        pools.all().stream().filter(this::worthTelling).forEach(this::tell);
        log.info(
                "look at http://localhost:{}{}/actuator/health, /actuator/pools, /actuator/routes, /actuator/prometheus{}",
                management,
                config.global().dashboard().enabled() ? "/dashboard, " : "",
                config.global().metrics().enabled()
                        ? ", " + config.global().metrics().path()
                        : "");
        config.unknownVariables().forEach(variable -> log.warn("variable {} means nothing to Velo", variable));
    }

    private String transport() {
        Class<?> sockets = loops.onChannelClass(ServerSocketChannel.class, loops.onServer(true));
        return sockets.getSimpleName()
                .replace("ServerSocketChannel", "")
                .toLowerCase(Locale.ROOT)
                .replace("iouring", "io_uring");
    }

    /** A default pool that nobody filled is no news if there are others. */
    private boolean worthTelling(Pool pool) {
        return !pool.backends().isEmpty()
                || pools.all().size() == 1
                || !pool.name().equals(Pools.DEFAULT);
    }

    private void tell(Pool pool) {
        PoolProperties properties = config.pools().get(pool.name());
        List<Place> places = properties == null ? List.of() : Place.of(pool.name(), properties);
        if (!places.isEmpty()) {
            String told = places.stream().map(place -> place.where().toString()).collect(Collectors.joining(", "));
            log.info(
                    "pool {}: {} over what is found at {}",
                    pool.name(),
                    pool.spec().strategy(),
                    told);
            return;
        }
        if (pool.backends().isEmpty()) {
            log.warn("pool {} has no backends: set lb.backends or LB_BACKENDS", pool.name());
            return;
        }
        String backends = pool.backends().stream().map(StartupLog::told).collect(Collectors.joining(", "));
        log.info("pool {}: {} over {}", pool.name(), pool.spec().strategy(), backends);
    }

    private static String told(Backend backend) {
        String url = backend.spec().uri().toString();
        return url.endsWith("//" + backend.id()) ? url : backend.id() + " " + url;
    }
}
