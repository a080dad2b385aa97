package io.velo.admin;

import io.velo.pool.Canaries;
import io.velo.pool.History;
import io.velo.pool.Pool;
import io.velo.wire.Mirrors;

/** Shows pools with what others know of them. */
final class PoolViews {

    private final History history;
    private final Canaries canaries;
    private final Mirrors mirrors;

    PoolViews(History history, Canaries canaries, Mirrors mirrors) {
        this.history = history;
        this.canaries = canaries;
        this.mirrors = mirrors;
    }

    PoolView view(Pool pool) {
        return PoolView.of(
                pool,
                canaries.of(pool.name()).map(CanaryView::of),
                mirrors.of(pool.name()).map(MirrorView::of));
    }

    /** With what has happened in it. */
    PoolStory story(Pool pool) {
        return PoolStory.of(view(pool), history.of(pool.name()));
    }
}
