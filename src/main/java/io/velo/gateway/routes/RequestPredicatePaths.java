package io.velo.gateway.routes;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;

/** Finds patterns that cover every path for which a predicate of a router function may hold. */
final class RequestPredicatePaths implements RequestPredicates.Visitor {

    /** Patterns of each term that hasn't been joined with another one yet; empty for a term that takes any path. */
    private final Deque<Optional<Set<String>>> terms = new ArrayDeque<>();

    private RequestPredicatePaths() {}

    /** The patterns; empty if it may hold for any path. */
    static Optional<Set<String>> of(RequestPredicate predicate) {
        RequestPredicatePaths paths = new RequestPredicatePaths();
        predicate.accept(paths);
        return paths.terms.size() == 1 ? paths.terms.pop() : Optional.empty();
    }

    private void any() {
        terms.push(Optional.empty());
    }

    private Optional<Set<String>> last() {
        return terms.isEmpty() ? Optional.empty() : terms.pop();
    }

    @Override
    public void path(String pattern) {
        terms.push(Optional.of(Set.of(pattern)));
    }

    @Override
    public void endAnd() {
        Optional<Set<String>> right = last();
        terms.push(last().or(() -> right));
    }

    @Override
    public void endOr() {
        Optional<Set<String>> right = last();
        terms.push(last().flatMap(left -> right.map(other -> union(left, other))));
    }

    private static Set<String> union(Set<String> left, Set<String> right) {
        Set<String> union = new HashSet<>(left);
        union.addAll(right);
        return union;
    }

    @Override
    public void endNegate() {
        last();
        any();
    }

    @Override
    public void method(Set<HttpMethod> methods) {
        any();
    }

    @Override
    @SuppressWarnings("removal") // the interface still wants it
    public void pathExtension(String extension) {
        any();
    }

    @Override
    public void header(String name, String value) {
        any();
    }

    @Override
    public void queryParam(String name, String value) {
        any();
    }

    @Override
    public void version(String version) {
        any();
    }

    @Override
    public void unknown(RequestPredicate predicate) {
        any();
    }

    @Override
    public void startAnd() {}

    @Override
    public void and() {}

    @Override
    public void startOr() {}

    @Override
    public void or() {}

    @Override
    public void startNegate() {}
}
