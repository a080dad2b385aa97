package io.velo.pool;

/**
 * What the guard of a canary has seen of one side in its window.
 *
 * @param requests those that say something; where the client left nothing is said
 * @param errors answers of 5xx and failures
 */
public record CanaryFigures(long requests, long errors) {

    String told() {
        return errors + " errors in " + requests + " requests";
    }
}
