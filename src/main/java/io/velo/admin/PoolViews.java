package io.velo.admin;

import io.velo.change.Searches;
import io.velo.pool.Canaries;
import io.velo.pool.History;
import io.velo.pool.Pool;
import io.velo.wire.Mirrors;

/** Shows pools with what others know of them. */
final class PoolViews {

    private final History history;
    private final Canaries canaries;
    private final Mirrors mirrors;
    private final Searches searches;

    PoolViews(History history, Canaries canaries, Mirrors mirrors, Searches searches) {
        this.history = history;
        this.canaries = canaries;
        this.mirrors = mirrors;
        this.searches = searches;
    }

    PoolView view(Pool pool) {
        return PoolView.of(
                pool,
                canaries.of(pool.name()).map(CanaryView::of),
                mirrors.of(pool.name()).map(MirrorView::of),
                searches.of(pool.name()));
    }

    /** With what has happened in it. */
    PoolStory story(Pool pool) {
        return PoolStory.of(view(pool), history.of(pool.name()));
    }
}
