package io.velo.admin;

import io.velo.pool.Canaries;
import io.velo.pool.History;
import io.velo.pool.Pool;

/** Shows pools with what others know of them. */
final class PoolViews {

    private final History history;
    private final Canaries canaries;

    PoolViews(History history, Canaries canaries) {
        this.history = history;
        this.canaries = canaries;
    }

    PoolView view(Pool pool) {
        return PoolView.of(pool, canaries.of(pool.name()).map(CanaryView::of));
    }

    /** With what has happened in it. */
    PoolStory story(Pool pool) {
        return PoolStory.of(view(pool), history.of(pool.name()));
    }
}
