package io.velo.strategy;

import io.velo.backend.Backend;
import io.velo.backend.Feedback;
import io.velo.backend.Outcome;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/**
 * The same candidate for the same key, by a {@link HashRing}; with bounded load (Mirrokni, Thorup and Zadimoghaddam,
 * "Consistent Hashing with Bounded Loads", 2016): who has its share of the requests in flight, times a factor, is passed over
 * in favour of others that depend on the key alone, so that keys which spill over find the same place again. A request without
 * a key goes round robin. O(1) unless many refuse; all instances of Velo agree, in whatever order the backends are listed.
 */
final class ConsistentHash implements Strategy {

    private final HashRule rule;
    private final RoundRobin keyless;
    private final Tally inFlight = new Tally();

    ConsistentHash(StrategyContext context) {
        this.rule = context.hash();
        this.keyless = new RoundRobin(context.randomBelow());
    }

    @Override
    public Picker pickerFor(List<Candidate> candidates) {
        boolean bounded = rule.balanceFactor() > 0;
        if (bounded) {
            candidates.forEach(each -> each.backend().tell(inFlight));
        }
        Picker otherwise = keyless.pickerFor(candidates);
        Ring ring = new Ring(candidates, rule.balanceFactor(), inFlight);
        return (request, taker) -> {
            long key = rule.key().hash(request);
            return key == HashKey.MISSING ? otherwise.offer(request, taker) : ring.offer(key, taker);
        };
    }

    @Override
    public int lot(RequestView request, int bound, IntUnaryOperator randomBelow) {
        long key = rule.key().hash(request);
        return key == HashKey.MISSING
                ? randomBelow.applyAsInt(bound)
                : (int) Long.remainderUnsigned(HashKey.mix(~key), bound);
    }

    /** The requests in flight that this strategy has placed. */
    private static final class Tally implements Feedback {

        private final AtomicInteger requests = new AtomicInteger();

        @Override
        public void began() {
            requests.incrementAndGet();
        }

        @Override
        public void ended(Outcome outcome) {
            requests.decrementAndGet();
        }
    }

    /** One set of candidates. */
    private static final class Ring {

        /** So many requests are no load: a browser asks for six things at once, and they belong together. */
        private static final int FEW = 8;

        /** Places that a key tries by itself; with a factor of 1.25 every fifth has room, so it needs more once in 1,200. */
        private static final int TRIES = 32;

        private final Backend[] backends;
        private final double[] bounds; // of one request in flight in all
        private final HashRing ring;
        private final Tally inFlight;

        Ring(List<Candidate> candidates, double factor, Tally inFlight) {
            double total = candidates.stream().mapToDouble(Candidate::weight).sum();
            this.backends = candidates.stream().map(Candidate::backend).toArray(Backend[]::new);
            this.bounds = candidates.stream()
                    .mapToDouble(each -> factor == 0 ? Double.POSITIVE_INFINITY : factor * each.weight() / total)
                    .toArray();
            this.ring = new HashRing(candidates, Reserve.scaleOf(candidates.toArray(Candidate[]::new)));
            this.inFlight = inFlight;
        }

        boolean offer(long key, Predicate<Backend> taker) {
            int owner = ring.owner(key);
            int requests = inFlight.requests.get() + 1;
            if (hasRoom(owner, requests)) {
                return taker.test(backends[owner]) || offerOthers(key, requests, owner, taker);
            }
            int other = nextWithRoom(key, requests);
            return taker.test(backends[other]) || offerOthers(key, requests, other, taker);
        }

        /** Where a key goes whose owner has no room; the owner after all if no other place has been found. */
        private int nextWithRoom(long key, int requests) {
            long next = key;
            for (int i = 0; i < TRIES; i++) {
                next = HashKey.mix(next + 1);
                int place = ring.owner(next);
                if (hasRoom(place, requests)) {
                    return place;
                }
            }
            int owner = ring.owner(key);
            for (int step = 1; step < backends.length; step++) {
                int place = (owner + step) % backends.length;
                if (hasRoom(place, requests)) {
                    return place;
                }
            }
            return owner;
        }

        /** Whether one more leaves it at most its bound, rounded up. Of all candidates one has room at any time. */
        private boolean hasRoom(int place, int requests) {
            int has = backends[place].inFlight();
            return has < FEW || has < bounds[place] * requests;
        }

        /** The rare case that one refuses. */
        private boolean offerOthers(long key, int requests, int refused, Predicate<Backend> taker) {
            BitSet offered = new BitSet(backends.length);
            offered.set(refused);
            long next = key;
            for (int i = 0; i < TRIES; i++) {
                if (offerIf(true, ring.owner(next), requests, offered, taker)) {
                    return true;
                }
                next = HashKey.mix(next + 1);
            }
            int owner = ring.owner(key);
            return offerRest(true, owner, requests, offered, taker)
                    || offerRest(false, owner, requests, offered, taker);
        }

        /** Those that are left, at last even those without room: somebody has to take it. */
        private boolean offerRest(boolean room, int owner, int requests, BitSet offered, Predicate<Backend> taker) {
            for (int step = 0; step < backends.length; step++) {
                if (offerIf(room, (owner + step) % backends.length, requests, offered, taker)) {
                    return true;
                }
            }
            return false;
        }

        private boolean offerIf(boolean room, int place, int requests, BitSet offered, Predicate<Backend> taker) {
            if (offered.get(place) || (room && !hasRoom(place, requests))) {
                return false;
            }
            offered.set(place);
            return taker.test(backends[place]);
        }
    }
}
