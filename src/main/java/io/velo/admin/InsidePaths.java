package io.velo.admin;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The paths that show what is inside of Velo: its own but those by which others ask whether it lives. They are compared as by the
 * handlers behind them, so that no other spelling of one slips by.
 */
final class InsidePaths implements Predicate<PathContainer> {

    private final List<PathPattern> inside;
    private final List<PathPattern> health;

    /**
     * @param actuator base path of the endpoints
     * @param metrics path of the meters in the first Velo's form
     */
    InsidePaths(String actuator, String metrics) {
        String base = actuator.endsWith("/") ? actuator.substring(0, actuator.length() - 1) : actuator;
        this.inside = patterns(base + "/**", metrics + "/**", "/dashboard/**");
        this.health = patterns(base + "/health/**", "/livez", "/readyz");
    }

    private static List<PathPattern> patterns(String... texts) {
        return Stream.of(texts).map(PathPatternParser.defaultInstance::parse).toList();
    }

    @Override
    public boolean test(PathContainer path) {
        return inside.stream().anyMatch(each -> each.matches(path))
                && health.stream().noneMatch(each -> each.matches(path));
    }
}
