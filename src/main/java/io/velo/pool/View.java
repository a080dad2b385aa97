package io.velo.pool;

import io.velo.strategy.Picker;
import io.velo.strategy.Strategy;

/**
 * A snapshot and the picker over its candidates: all that a request reads.
 *
 * @param picker offers nobody if there are no candidates
 */
record View(Snapshot snapshot, Picker picker) {

    private static final Picker NOBODY = (request, taker) -> false;

    static View of(Snapshot snapshot, Strategy strategy) {
        boolean nobody = snapshot.candidates().isEmpty();
        return new View(snapshot, nobody ? NOBODY : strategy.pickerFor(snapshot.candidates()));
    }

    /** The view of the next snapshot; the picker stays if the candidates did. */
    View followedBy(Snapshot next, Strategy strategy) {
        return next.candidates().equals(snapshot.candidates()) ? new View(next, picker) : of(next, strategy);
    }
}
