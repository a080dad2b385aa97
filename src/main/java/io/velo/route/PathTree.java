package io.velo.route;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Candidates by the leading segments of their paths, a node for each segment; immutable. A look-up walks down the segments of
 * the request's path and leaves out what comes after the best candidate so far, so its cost doesn't depend on how many
 * routes there are beside the way.
 */
final class PathTree {

    private final SegmentTable<PathTree> children;
    private final Candidate[] exact;
    private final Candidate[] slash;
    private final Candidate[] below;
    private final int least;

    private PathTree(Builder builder) {
        Map<String, PathTree> built = new HashMap<>();
        builder.children.forEach((segment, child) -> built.put(segment, new PathTree(child)));
        children = new SegmentTable<>(built);
        exact = builder.exact.toArray(Candidate[]::new);
        slash = builder.slash.toArray(Candidate[]::new);
        below = builder.below.toArray(Candidate[]::new);
        least = Math.min(builder.least(), leastOf(built.values()));
    }

    private static int leastOf(Collection<PathTree> trees) {
        return trees.stream().mapToInt(tree -> tree.least).min().orElse(Integer.MAX_VALUE);
    }

    /**
     * A tree of these.
     *
     * @param candidates in their order
     */
    static PathTree of(List<Candidate> candidates) {
        Builder root = new Builder();
        candidates.forEach(root::add);
        return new PathTree(root);
    }

    /** The first that takes the request, if it comes before the best so far; otherwise that. */
    Candidate first(RouteRequest request, String path, Candidate best) {
        return RequestPath.isPlain(path)
                ? firstOnPlain(request, path, best)
                : firstOnOther(request, new RequestPath(path), best);
    }

    /** On a plain path the place in the tree decides, apart from patterns. */
    private Candidate firstOnPlain(RouteRequest request, String path, Candidate best) {
        Candidate found = best;
        PathTree node = this;
        int at = 0; // where the segments of the node end
        while (node != null && node.least < found.order()) {
            found = decided(node.below, request, path, found);
            int rest = path.length() - at;
            if (rest == 0) {
                return decided(node.exact, request, path, found);
            }
            if (rest == 1) {
                return decided(node.slash, request, path, found);
            }
            int next = path.indexOf('/', at + 1);
            int end = next < 0 ? path.length() : next;
            node = node.children.find(path, at + 1, end);
            at = end;
        }
        return found;
    }

    private static Candidate decided(Candidate[] candidates, RouteRequest request, String path, Candidate best) {
        RequestPath read = null;
        for (Candidate candidate : candidates) {
            if (!candidate.isBefore(best)) {
                return best;
            }
            boolean takes = true;
            if (candidate.path().extent() == PathMatch.Extent.PATTERN) {
                read = read == null ? new RequestPath(path) : read;
                takes = candidate.path().pattern().test(read);
            }
            if (takes && candidate.others().test(request)) {
                return candidate;
            }
        }
        return best;
    }

    /** Elsewhere the tree only narrows down, and each pattern is asked. */
    private Candidate firstOnOther(RouteRequest request, RequestPath path, Candidate best) {
        Candidate found = checkedAt(request, path, best);
        PathTree node = this;
        for (String segment : path.segments()) {
            node = node.children.find(segment, 0, segment.length());
            if (node == null) {
                return found;
            }
            found = node.checkedAt(request, path, found);
        }
        return found;
    }

    private Candidate checkedAt(RouteRequest request, RequestPath path, Candidate best) {
        Candidate found = checked(below, request, path, best);
        found = checked(exact, request, path, found);
        return checked(slash, request, path, found);
    }

    private static Candidate checked(Candidate[] candidates, RouteRequest request, RequestPath path, Candidate best) {
        for (Candidate candidate : candidates) {
            if (!candidate.isBefore(best)) {
                return best;
            }
            if (candidate.path().pattern().test(path) && candidate.others().test(request)) {
                return candidate;
            }
        }
        return best;
    }

    private static final class Builder {

        private final Map<String, Builder> children = new HashMap<>();
        private final List<Candidate> exact = new ArrayList<>(0);
        private final List<Candidate> slash = new ArrayList<>(0);
        private final List<Candidate> below = new ArrayList<>(0);

        void add(Candidate candidate) {
            Builder node = this;
            for (String segment : candidate.path().segments()) {
                node = node.children.computeIfAbsent(segment, each -> new Builder());
            }
            node.listFor(candidate.path().extent()).add(candidate);
        }

        private List<Candidate> listFor(PathMatch.Extent extent) {
            return switch (extent) {
                case EXACT -> exact;
                case SLASH -> slash;
                case SUBTREE, PATTERN -> below;
            };
        }

        int least() {
            return List.of(exact, slash, below).stream()
                    .flatMap(list -> list.stream().limit(1))
                    .mapToInt(Candidate::order)
                    .min()
                    .orElse(Integer.MAX_VALUE);
        }
    }
}
