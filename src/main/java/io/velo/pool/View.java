package io.velo.pool;

import io.velo.strategy.Picker;
import io.velo.strategy.Strategy;

/**
 * A snapshot and the picker over its candidates: all that a request reads.
 *
 * @param picker offers nobody if there are no candidates
 * @param affinity which client wants which backend
 */
record View(Snapshot snapshot, Picker picker, Affinity affinity) {

    private static final Picker NOBODY = (request, taker) -> false;

    static View of(Snapshot snapshot, Strategy strategy, Affinity affinity) {
        boolean nobody = snapshot.candidates().isEmpty();
        return new View(
                snapshot, nobody ? NOBODY : strategy.pickerFor(snapshot.candidates(), snapshot.members()), affinity);
    }

    /** The view of the next snapshot; the picker stays if the candidates and the other members did. */
    View followedBy(Snapshot next, Strategy strategy, Affinity others) {
        boolean same = !next.panic() // then it is not the candidates that tell who is eligible
                && next.candidates().equals(snapshot.candidates())
                && next.members().equals(snapshot.members());
        return same ? new View(next, picker, others) : of(next, strategy, others);
    }
}
