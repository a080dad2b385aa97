package io.velo.strategy;

import io.velo.backend.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Works out one whole turn of smooth weighted round robin, the algorithm of nginx's {@code ngx_http_upstream_round_robin}:
 * at each step every candidate gains its weight, the richest is picked (the first of equals) and pays the sum of all weights.
 * Candidates of equal weight differ only in how often they were picked, so it is enough to compare the next one of each
 * weight: O(sum of weights × distinct weights) instead of × candidates. Weights are divided by their common divisor.
 */
final class SmoothCycle {

    private final Candidate[] candidates;
    private final List<Peers> byWeight;
    private final long total;

    private SmoothCycle(List<Candidate> candidates) {
        int divisor = candidates.stream().mapToInt(Candidate::weight).reduce(0, SmoothCycle::commonDivisor);
        this.candidates = candidates.toArray(Candidate[]::new);
        Map<Integer, Peers> peers = new TreeMap<>();
        for (int i = 0; i < this.candidates.length; i++) {
            int weight = this.candidates[i].weight() / divisor;
            peers.computeIfAbsent(weight, Peers::new).members.add(i);
        }
        this.byWeight = List.copyOf(peers.values());
        this.total = byWeight.stream()
                .mapToLong(group -> (long) group.weight * group.members.size())
                .sum();
    }

    /** The turn: each candidate as often as its weight says. With equal weights, the candidates as they are. */
    static Backend[] of(List<Candidate> candidates) {
        SmoothCycle cycle = new SmoothCycle(candidates);
        Backend[] turn = new Backend[Math.toIntExact(cycle.total)];
        for (int step = 0; step < turn.length; step++) {
            turn[step] = cycle.candidates[cycle.pick(step + 1L)].backend();
        }
        return turn;
    }

    private int pick(long step) {
        Peers best = byWeight.get(0);
        for (Peers group : byWeight) {
            long lead = group.wealth(step, total) - best.wealth(step, total);
            if (lead > 0 || (lead == 0 && group.next() < best.next())) {
                best = group;
            }
        }
        return best.take();
    }

    private static int commonDivisor(int a, int b) {
        return b == 0 ? a : commonDivisor(b, a % b);
    }

    /** Candidates of one weight. All were picked {@code rounds} times; those before {@code next} once more. */
    private static final class Peers {
        private final int weight;
        private final List<Integer> members = new ArrayList<>();
        private int next;
        private long rounds;

        Peers(int weight) {
            this.weight = weight;
        }

        int next() {
            return members.get(next);
        }

        /** What the next one would hold: all it gained less what it paid. */
        long wealth(long step, long total) {
            return step * weight - rounds * total;
        }

        int take() {
            int taken = members.get(next);
            next = (next + 1) % members.size();
            if (next == 0) {
                rounds++;
            }
            return taken;
        }
    }
}
