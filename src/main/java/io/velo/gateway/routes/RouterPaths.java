package io.velo.gateway.routes;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.springframework.core.io.Resource;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/** Finds patterns that cover every path for which a router function may answer. */
final class RouterPaths implements RouterFunctions.Visitor {

    private final Set<String> patterns = new HashSet<>();
    private boolean any;
    private int covered; // depth below a nest whose own path covers all that is in it

    private RouterPaths() {}

    /** The patterns; empty if it may answer for any path. */
    static Optional<Set<String>> of(RouterFunction<?> function) {
        RouterPaths paths = new RouterPaths();
        function.accept(paths);
        return paths.any ? Optional.empty() : Optional.of(paths.patterns);
    }

    @Override
    public void startNested(RequestPredicate predicate) {
        if (covered > 0) {
            covered++;
            return;
        }
        RequestPredicatePaths.of(predicate).ifPresent(roots -> {
            covered = 1;
            roots.forEach(root -> patterns.add(below(root)));
        });
    }

    private static String below(String pattern) {
        boolean open = pattern.endsWith("/**") || pattern.contains("{*");
        return open ? pattern : pattern.replaceAll("/+$", "") + "/**";
    }

    @Override
    public void endNested(RequestPredicate predicate) {
        covered = Math.max(0, covered - 1);
    }

    @Override
    public void route(RequestPredicate predicate, HandlerFunction<?> handlerFunction) {
        if (covered == 0) {
            RequestPredicatePaths.of(predicate).ifPresentOrElse(patterns::addAll, () -> any = true);
        }
    }

    @Override
    public void resources(Function<ServerRequest, Mono<Resource>> lookupFunction) {
        any |= covered == 0;
    }

    @Override
    public void unknown(RouterFunction<?> routerFunction) {
        any |= covered == 0;
    }

    @Override
    public void attributes(Map<String, Object> attributes) {}
}
