package io.velo.gateway.routes;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;
import org.springframework.web.reactive.handler.AbstractHandlerMapping;
import org.springframework.web.reactive.handler.AbstractUrlHandlerMapping;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Which paths anybody but the gateway's routes may serve: endpoints, controllers, functional routes. Goes by the first segment
 * of a path, so it says yes too often, but never no by mistake: what can't be looked into may serve anything.
 */
public final class OtherHandlers {

    private static final String VARIABLE = "{}*?;%";

    private final Set<String> firstSegments = new HashSet<>();
    private boolean anything;

    /**
     * @param mappings asked before the gateway's
     */
    public OtherHandlers(List<HandlerMapping> mappings) {
        mappings.forEach(this::add);
    }

    /** Whether one of them may serve this request; if not, none does. */
    public boolean mayServe(ServerHttpRequest request) {
        if (anything) {
            return true;
        }
        String segment = firstSegment(request.getPath().pathWithinApplication().value());
        return isVariable(segment) || firstSegments.contains(segment);
    }

    private void add(HandlerMapping mapping) {
        Optional<Collection<String>> patterns = patternsOf(mapping);
        if (patterns.isEmpty()) {
            anything = true;
        } else {
            patterns.get().stream().map(OtherHandlers::firstSegment).forEach(this::addSegment);
        }
    }

    private void addSegment(String segment) {
        anything |= isVariable(segment);
        firstSegments.add(segment);
    }

    /** The patterns of all paths that a mapping serves; none if that can't be told. */
    private static Optional<Collection<String>> patternsOf(HandlerMapping mapping) {
        if (!(mapping instanceof AbstractHandlerMapping known)
                || !known.getPathPatternParser().isCaseSensitive()) {
            return Optional.empty();
        }
        if (known instanceof RequestMappingInfoHandlerMapping methods) {
            return Optional.of(methods.getHandlerMethods().keySet().stream()
                    .flatMap(info -> info.getPatternsCondition().getPatterns().stream())
                    .map(PathPattern::getPatternString)
                    .toList());
        }
        if (known instanceof AbstractUrlHandlerMapping urls) {
            return Optional.of(urls.getHandlerMap().keySet().stream()
                    .map(PathPattern::getPatternString)
                    .toList());
        }
        return known instanceof RouterFunctionMapping functions
                ? patternsOf(functions.getRouterFunction())
                : Optional.empty();
    }

    private static Optional<Collection<String>> patternsOf(@Nullable RouterFunction<?> function) {
        return function == null
                ? Optional.of(List.of())
                : RouterPaths.of(function).map(patterns -> patterns);
    }

    private static String firstSegment(String path) {
        int start = path.startsWith("/") ? 1 : 0;
        int end = path.indexOf('/', start);
        return end < 0 ? path.substring(start) : path.substring(start, end);
    }

    private static boolean isVariable(String segment) {
        for (int i = 0; i < segment.length(); i++) {
            if (VARIABLE.indexOf(segment.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }
}
