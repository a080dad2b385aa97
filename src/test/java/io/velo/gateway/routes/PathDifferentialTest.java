package io.velo.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.route.HeadEdits;
import io.velo.route.Lane;
import io.velo.route.PathMatch;
import io.velo.route.Route;
import io.velo.route.RouteMatch;
import io.velo.route.RouteTable;
import io.velo.testing.TestRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

/** The table finds what a plain walk through Spring's patterns finds, whatever the patterns and paths. */
class PathDifferentialTest {

    private static final List<String> PATTERN_SEGMENTS = List.of(
            "a", "b", "ab", "a.b", "A", "*", "{x}", "a*", "?b", "{y:[a-b]+}", "a%20b", "a b", "", "c", "c", "c");
    private static final List<String> PATTERN_ENDS = List.of("", "", "", "/", "/**", "/**", "/{*rest}", "/*");
    private static final List<String> PATH_SEGMENTS = List.of(
            "a", "b", "ab", "a.b", "A", "c", "c", "c", "", "a;x=1", "%61", "a%20b", ";v", "..", "%2F", "a%3Bb",
            "%c3%28");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void findsWhatALinearScanFinds(long seed) {
        Random random = new Random(seed);
        PathPatternParser parser = new PathPatternParser();
        parser.setCaseSensitive(seed % 4 != 0);
        for (int round = 0; round < 40; round++) {
            List<List<PathPattern>> patterns = IntStream.range(0, 1 + random.nextInt(12))
                    .mapToObj(i -> patterns(random, parser))
                    .toList();
            RouteTable table = table(patterns, parser);
            for (int i = 0; i < 60; i++) {
                String path = path(random);
                assertThat(table.find(TestRequest.get(path)).id())
                        .as("%s in %s", path, patterns)
                        .isEqualTo(scan(patterns, path));
            }
        }
    }

    private static String scan(List<List<PathPattern>> patterns, String path) {
        PathContainer container = PathContainer.parsePath(path);
        return IntStream.range(0, patterns.size())
                .filter(i -> patterns.get(i).stream().anyMatch(pattern -> pattern.matches(container)))
                .mapToObj(String::valueOf)
                .findFirst()
                .orElse("none");
    }

    private static RouteTable table(List<List<PathPattern>> patterns, PathPatternParser parser) {
        List<Route> routes = new ArrayList<>();
        for (List<PathPattern> each : patterns) {
            List<PathMatch> paths = each.stream()
                    .map(pattern -> PathConditions.of(pattern, parser))
                    .toList();
            routes.add(new Route(
                    String.valueOf(routes.size()),
                    Optional.empty(),
                    Lane.EXPRESS,
                    "",
                    RouteMatch.ofPaths(paths),
                    HeadEdits.NONE));
        }
        return new RouteTable(routes);
    }

    private static List<PathPattern> patterns(Random random, PathPatternParser parser) {
        List<PathPattern> patterns = new ArrayList<>();
        while (patterns.isEmpty() || random.nextInt(4) == 0) {
            try {
                patterns.add(parser.parse(pattern(random)));
            } catch (PatternParseException e) {
                continue; // two variables of one name, for instance
            }
        }
        return patterns;
    }

    private static String pattern(Random random) {
        if (random.nextInt(30) == 0) {
            return random.nextBoolean() ? "" : "a/b";
        }
        String start = random.nextInt(20) == 0 ? "/**" : "";
        return start + segments(random, PATTERN_SEGMENTS) + PATTERN_ENDS.get(random.nextInt(PATTERN_ENDS.size()));
    }

    private static String path(Random random) {
        if (random.nextInt(50) == 0) {
            return random.nextBoolean() ? "" : "*";
        }
        return segments(random, PATH_SEGMENTS) + (random.nextInt(3) == 0 ? "/" : "");
    }

    private static String segments(Random random, List<String> from) {
        return IntStream.range(0, random.nextInt(5))
                .mapToObj(i -> "/" + from.get(random.nextInt(from.size())))
                .collect(Collectors.joining());
    }
}
