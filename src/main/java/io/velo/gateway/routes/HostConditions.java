package io.velo.gateway.routes;

import io.velo.route.RouteMatch;
import io.velo.route.RouteRequest;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.cloud.gateway.handler.predicate.HostRoutePredicateFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.util.AntPathMatcher;
import org.springframework.util.PathMatcher;

/**
 * The gateway's host predicate. A literal is looked up; patterns are matched by the factory's own matcher, which has no
 * getter, for the application may have given it another.
 */
final class HostConditions {

    private final PathMatcher matcher;
    private final boolean port;

    HostConditions(HostRoutePredicateFactory factory) {
        DirectFieldAccessor fields = new DirectFieldAccessor(factory);
        matcher = (PathMatcher) Objects.requireNonNull(fields.getPropertyValue("pathMatcher"));
        port = Boolean.TRUE.equals(fields.getPropertyValue("includePort"));
    }

    RouteMatch of(List<String> patterns) {
        List<String> all = List.copyOf(patterns);
        if (port && comparesText() && !all.isEmpty() && all.stream().allMatch(this::isLiteral)) {
            return RouteMatch.ofHosts(all.stream().map(RouteMatch::hostOf).collect(Collectors.toUnmodifiableSet()));
        }
        return RouteMatch.of(request -> {
            String host = hostOf(request).orElse(null);
            return host != null && all.stream().anyMatch(pattern -> matcher.match(pattern, host));
        });
    }

    /** Whether a literal is compared as the gateway's own matcher does, case counting and empty labels not. */
    private boolean comparesText() {
        return matcher.getClass() == AntPathMatcher.class && !matcher.match("a", "A") && matcher.match("a.b", "a..b");
    }

    private boolean isLiteral(String pattern) {
        return !pattern.isEmpty() && !matcher.isPattern(pattern);
    }

    private Optional<String> hostOf(RouteRequest request) {
        Optional<String> value = request.header(HttpHeaders.HOST);
        if (port || value.isEmpty()) {
            return value;
        }
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.HOST, value.get());
        return Optional.ofNullable(headers.getHost()).map(InetSocketAddress::getHostString);
    }
}
