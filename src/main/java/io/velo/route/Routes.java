package io.velo.route;

/** The table of routes in force. Readers see one immutable table; a refresh swaps it. */
public final class Routes {

    private volatile RouteTable table = RouteTable.EMPTY;

    /** The table in force. */
    public RouteTable table() {
        return table;
    }

    /** Puts another table in force. */
    public void swap(RouteTable next) {
        table = next;
    }
}
