package io.velo.gateway.routes;

/** What a predicate or filter of a definition comes to, or why only the gateway can tell. */
sealed interface Reading<T> {

    /**
     * Understood.
     *
     * @param told how the gateway's own object describes itself, by which it is recognised in the gateway's route
     */
    record Known<T>(String told, T value) implements Reading<T> {}

    /**
     * Not understood.
     *
     * @param why a sentence for operators
     */
    record GatewayOnly<T>(String why) implements Reading<T> {}
}
