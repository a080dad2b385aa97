package io.velo.route;

import java.util.Map;

/** The terms in force of each route. Readers see one immutable map; a reload swaps it. */
public final class TermsByRoute {

    private volatile Terms terms = new Terms(Map.of(), RouteTerms.ANY);

    /** The terms of a route. Costs a look-up if any route has terms of its own. */
    public RouteTerms of(String route) {
        Terms now = terms;
        return now.own.isEmpty() ? now.usual : now.own.getOrDefault(route, now.usual);
    }

    /**
     * Puts others in force.
     *
     * @param own by the ids of routes
     * @param usual those of all other routes
     */
    public void swap(Map<String, RouteTerms> own, RouteTerms usual) {
        terms = new Terms(Map.copyOf(own), usual);
    }

    private record Terms(Map<String, RouteTerms> own, RouteTerms usual) {}
}
