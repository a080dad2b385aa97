package io.velo.dashboard;

import io.velo.dashboard.Frame.BackendRow;
import io.velo.dashboard.Frame.PoolRow;
import io.velo.dashboard.Happenings.Happening;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * What one open page has been told, so that it is told only what is news. A frame that it didn't get costs it nothing but the
 * moment: the next one is compared with what it has. Used by one thread at a time.
 */
final class Viewer {

    private final Past past;
    private Optional<Frame> known = Optional.empty();

    Viewer(Past past) {
        this.past = past;
    }

    /** What is news in this frame; everything, and the past, in the first one. */
    News news(Frame frame) {
        boolean first = known.isEmpty();
        long heard = known.flatMap(Viewer::lastNumber).orElse(0L);
        Map<String, PoolRow> before =
                known.map(Frame::pools).orElse(List.of()).stream().collect(byName(PoolRow::name));
        known = Optional.of(frame);
        return new News(
                frame.at(),
                frame.sample(),
                frame.pools().stream()
                        .map(pool -> PoolNews.of(pool, Optional.ofNullable(before.get(pool.name())), past))
                        .toList(),
                frame.happenings().stream()
                        .filter(each -> first || each.number() > heard)
                        .toList());
    }

    private static Optional<Long> lastNumber(Frame frame) {
        int size = frame.happenings().size();
        return size == 0
                ? Optional.empty()
                : Optional.of(frame.happenings().get(size - 1).number());
    }

    private static <T> Collector<T, ?, Map<String, T>> byName(Function<T, String> name) {
        return Collectors.toMap(name, each -> each);
    }

    /**
     * What a page is told.
     *
     * @param happenings what it hasn't heard of, the oldest first
     */
    record News(Instant at, long sample, List<PoolNews> pools, List<Happening> happenings) {}

    /**
     * A pool.
     *
     * @param ids its backends in their order
     * @param backends those that have changed
     * @param past what it was like before, if the page doesn't know the pool yet
     */
    record PoolNews(
            String name,
            String strategy,
            int eligible,
            boolean panic,
            int inFlight,
            Figures figures,
            Map<String, Long> reasons,
            Beside beside,
            List<String> ids,
            List<BackendRow> backends,
            Optional<Past.Series> past) {

        private static PoolNews of(PoolRow pool, Optional<PoolRow> before, Past past) {
            Set<BackendRow> known = new HashSet<>(before.map(PoolRow::backends).orElse(List.of()));
            return new PoolNews(
                    pool.name(),
                    pool.strategy(),
                    pool.eligible(),
                    pool.panic(),
                    pool.inFlight(),
                    pool.figures(),
                    pool.reasons(),
                    pool.beside(),
                    pool.backends().stream().map(BackendRow::id).toList(),
                    pool.backends().stream().filter(row -> !known.contains(row)).toList(),
                    before.isPresent() ? Optional.empty() : Optional.of(past.series(pool.name())));
        }
    }
}
