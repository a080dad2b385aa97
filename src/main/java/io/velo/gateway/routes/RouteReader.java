package io.velo.gateway.routes;

import io.velo.gateway.routes.Reading.GatewayOnly;
import io.velo.gateway.routes.Reading.Known;
import io.velo.route.HeadEdits;
import io.velo.route.RouteMatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteDefinition;

/**
 * Reads a route by its definition. Whether the route is made of that definition is seen by how its parts describe
 * themselves: a route of Java code may have the same name, and a refresh of some routes leaves older ones in force.
 */
final class RouteReader {

    private static final String OTHER = "it isn't made of the one definition of its name";

    private final PredicateReader predicates;
    private final FilterReader filters;
    private final Supplier<List<FilterDefinition>> defaultFilters;

    /**
     * @param defaultFilters gives those that come before those of each route with the same place in their list
     */
    RouteReader(PredicateReader predicates, FilterReader filters, Supplier<List<FilterDefinition>> defaultFilters) {
        this.predicates = predicates;
        this.filters = filters;
        this.defaultFilters = defaultFilters;
    }

    /** What the predicates come to; those that aren't understood count as if they held. */
    Match match(Route route, RouteDefinition definition) {
        RouteMatch match = RouteMatch.ANY;
        List<String> told = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (var predicate : definition.getPredicates()) {
            Reading<RouteMatch> reading = predicates.read(predicate);
            if (reading instanceof Known<RouteMatch> known) {
                told.add(known.told());
                match = match.and(known.value());
            } else if (reading instanceof GatewayOnly<RouteMatch> gatewayOnly) {
                unknown.add(gatewayOnly.why());
            }
        }
        List<String> actual = new ArrayList<>();
        route.getPredicate().accept(predicate -> actual.add(String.valueOf(predicate)));
        boolean same = unknown.isEmpty() ? actual.equals(told) : containsInOrder(actual, told);
        return same ? new Match(match, unknown) : new Match(RouteMatch.ANY, List.of(OTHER));
    }

    private static boolean containsInOrder(List<String> all, List<String> some) {
        Iterator<String> rest = all.iterator();
        return some.stream().allMatch(each -> {
            while (rest.hasNext()) {
                if (rest.next().equals(each)) {
                    return true;
                }
            }
            return false;
        });
    }

    /**
     * Which requests a route takes.
     *
     * @param gatewayOnly why only the gateway can tell for sure; empty if the condition says it all
     */
    record Match(RouteMatch condition, List<String> gatewayOnly) {}

    /** What the filters come to, in their order, which is that of their places with the default filters first. */
    Reading<HeadEdits> edits(Route route, RouteDefinition definition) {
        List<String> told = new ArrayList<>();
        EditDraft draft = EditDraft.NONE;
        for (Placed filter : inOrder(definition)) {
            Reading<UnaryOperator<EditDraft>> reading = filters.read(filter.definition());
            if (reading instanceof GatewayOnly<UnaryOperator<EditDraft>> unknown) {
                return new GatewayOnly<>(unknown.why());
            }
            Known<UnaryOperator<EditDraft>> known = (Known<UnaryOperator<EditDraft>>) reading;
            told.add(known.told());
            draft = known.value().apply(draft);
        }
        List<String> actual = route.getFilters().stream()
                .map(each -> each instanceof OrderedGatewayFilter ordered ? ordered.getDelegate() : each)
                .map(String::valueOf)
                .toList();
        return actual.equals(told) ? new Known<>("", draft.edits()) : new GatewayOnly<>(OTHER);
    }

    private List<Placed> inOrder(RouteDefinition definition) {
        List<Placed> placed = new ArrayList<>(Placed.all(defaultFilters.get()));
        placed.addAll(Placed.all(definition.getFilters()));
        placed.sort(Comparator.comparingInt(Placed::place));
        return placed;
    }

    private record Placed(int place, FilterDefinition definition) {

        static List<Placed> all(List<FilterDefinition> definitions) {
            List<Placed> placed = new ArrayList<>();
            for (FilterDefinition definition : definitions) {
                placed.add(new Placed(placed.size(), definition));
            }
            return placed;
        }
    }
}
