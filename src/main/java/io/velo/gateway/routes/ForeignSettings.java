package io.velo.gateway.routes;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.filter.headers.RemoveHopByHopHeadersFilter;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Finds settings of Spring's that change proxied requests and that only the gateway lane knows. */
final class ForeignSettings {

    /** What Velo's defaults set; the express lane drops the same. */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "transfer-encoding",
            "te",
            "trailer",
            "proxy-authorization",
            "proxy-authenticate",
            "upgrade");

    private static final String PREFIX = "spring.cloud.gateway.server.webflux.";

    private final Environment environment;
    private final Beans beans;

    ForeignSettings(Environment environment, Beans beans) {
        this.environment = environment;
        this.beans = beans;
    }

    /** A sentence that names the first such setting. */
    Optional<String> why() {
        return Stream.<Supplier<Optional<String>>>of(
                        this::compression, this::basePath, this::forwarding, this::cors, this::hopByHop)
                .map(Supplier::get)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<String> compression() {
        boolean set = environment.getProperty("server.compression.enabled", Boolean.class, false);
        return set ? Optional.of("server.compression.enabled is for the gateway lane alone") : Optional.empty();
    }

    private Optional<String> basePath() {
        boolean set = StringUtils.hasText(environment.getProperty("spring.webflux.base-path"));
        return set ? Optional.of("spring.webflux.base-path is for the gateway lane alone") : Optional.empty();
    }

    private Optional<String> forwarding() {
        String strategy = environment.getProperty("server.forward-headers-strategy", "none");
        return strategy.equalsIgnoreCase("none")
                ? Optional.empty()
                : Optional.of("server.forward-headers-strategy=" + strategy + " is for the gateway lane alone");
    }

    private Optional<String> cors() {
        boolean set = beans.of(GlobalCorsProperties.class).values().stream()
                .anyMatch(cors -> !cors.getCorsConfigurations().isEmpty());
        return set ? Optional.of(PREFIX + "globalcors is for the gateway lane alone") : Optional.empty();
    }

    private Optional<String> hopByHop() {
        boolean changed = beans.of(RemoveHopByHopHeadersFilter.class).values().stream()
                .map(RemoveHopByHopHeadersFilter::getHeaders)
                .map(Set::copyOf)
                .anyMatch(headers -> !Objects.equals(headers, HOP_BY_HOP));
        return changed
                ? Optional.of(PREFIX + "filter.remove-hop-by-hop is for the gateway lane alone unless it is as it was")
                : Optional.empty();
    }
}
