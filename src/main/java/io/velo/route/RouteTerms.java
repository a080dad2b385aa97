package io.velo.route;

/**
 * What holds for the requests of a route besides where they go.
 *
 * @param maxBody most bytes in the body of a request; 0 for any number
 * @param priority whose requests are answered when not all can be
 */
public record RouteTerms(long maxBody, Priority priority) {

    /** Bodies of any length, and no request before another. */
    public static final RouteTerms ANY = new RouteTerms(0, Priority.NORMAL);

    /** Whether a body of this length is too large; a negative length is not known yet. */
    public boolean excludes(long length) {
        return maxBody > 0 && length > maxBody;
    }
}
