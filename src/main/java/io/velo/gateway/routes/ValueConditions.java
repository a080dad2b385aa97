package io.velo.gateway.routes;

import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.velo.route.RouteMatch;
import io.velo.route.RouteRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.handler.predicate.CookieRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.HeaderRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.MethodRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.QueryRoutePredicateFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.util.StringUtils;

/** The gateway's predicates on method, header, query and cookie. */
final class ValueConditions {

    /** How Spring takes a query apart. */
    private static final Pattern PARAMETER = Pattern.compile("([^&=]+)(=?)([^&]+)?");

    private ValueConditions() {}

    /** The gateway compares objects, so a method of no standard is never the same. */
    static RouteMatch method(MethodRoutePredicateFactory.Config config) {
        Set<String> methods = Arrays.stream(config.getMethods())
                .filter(Set.of(HttpMethod.values())::contains)
                .map(HttpMethod::name)
                .collect(Collectors.toUnmodifiableSet());
        return RouteMatch.of(request -> methods.contains(request.method()));
    }

    static RouteMatch header(HeaderRoutePredicateFactory.Config config) {
        String name = config.getHeader();
        if (name == null || !StringUtils.hasText(name)) {
            return RouteMatch.of(request -> false);
        }
        Predicate<String> wanted = wanted(config.getRegexp());
        return RouteMatch.of(request -> valuesOf(name, request).stream().anyMatch(wanted));
    }

    private static List<String> valuesOf(String name, RouteRequest request) {
        List<String> fields = request.headers(name);
        if (fields.isEmpty()) {
            return fields;
        }
        HttpHeaders headers = new HttpHeaders();
        headers.put(name, fields);
        return headers.getValuesAsList(name);
    }

    static RouteMatch query(QueryRoutePredicateFactory.Config config) {
        if (config.getPredicate() != null) {
            throw new IllegalArgumentException("its predicate is the application's own");
        }
        String name = Objects.requireNonNull(config.getParam());
        String regexp = config.getRegexp();
        if (!StringUtils.hasText(regexp)) {
            return RouteMatch.of(request -> hasParameter(request.query(), name, value -> true));
        }
        Predicate<String> wanted = wanted(regexp);
        return RouteMatch.of(
                request -> hasParameter(request.query(), name, value -> value != null && wanted.test(value)));
    }

    private static boolean hasParameter(String query, String name, Predicate<@Nullable String> wanted) {
        Matcher parameters = PARAMETER.matcher(query);
        boolean found = false;
        while (parameters
                .find()) { // to the end, for a value that can't be decoded fails in the gateway, wherever it is
            String key = decoded(parameters.group(1));
            String raw = parameters.group(3);
            String value = raw != null ? decoded(raw) : parameters.group(2).isEmpty() ? null : "";
            found |= key.equals(name) && wanted.test(value);
        }
        return found;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    static RouteMatch cookie(CookieRoutePredicateFactory.Config config) {
        String name = config.getName();
        String regexp = config.getRegexp();
        if (name == null || regexp == null) {
            return RouteMatch.of(request -> false);
        }
        Predicate<String> wanted = Pattern.compile(regexp).asMatchPredicate();
        return RouteMatch.of(request -> request.headers(HttpHeaders.COOKIE).stream()
                .flatMap(field -> ServerCookieDecoder.STRICT.decodeAll(field).stream())
                .anyMatch(cookie -> cookie.name().equals(name) && wanted.test(cookie.value())));
    }

    private static Predicate<String> wanted(@Nullable String regexp) {
        return StringUtils.hasText(regexp) ? Pattern.compile(regexp).asMatchPredicate() : value -> true;
    }
}
