package io.velo.strategy;

import java.util.Arrays;
import java.util.List;

/**
 * A ring of points (Karger and others, "Consistent Hashing and Random Trees", 1997): a key belongs to the candidate with the
 * next point. A candidate has {@link #POINTS} points for each unit of its weight, which depend on its id alone, so a change of
 * one candidate moves the keys of this one and no others, in whatever order they are listed. A table of small parts of the ring
 * tells who owns them, or where to begin to look in the few that have a point in them, so a look-up is O(1).
 */
final class HashRing {

    private static final int POINTS = 128;
    private static final int MOST_POINTS = 1 << 20; // above it there are fewer for each unit: 64, 32 and so on
    private static final int POSITION_BITS = 31;
    private static final int PART_BITS = 3; // 8 to 16 parts for each point, so that hardly one in ten holds a point
    private static final int MOST_PART_BITS = 20; // 4 MiB
    private static final long STRIDE = 0x9e3779b97f4a7c15L; // odd, so that points of a candidate are all different

    private final long[] points; // position, then place of the candidate; sorted
    private final int[] parts; // who owns all of each part of the ring; or, negated, the first point in it
    private final int shift;

    /**
     * @param scale how much finer weights are reckoned than they are configured
     */
    HashRing(List<Candidate> candidates, int scale) {
        this.points = points(candidates, scale);
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(points.length) + PART_BITS;
        this.shift = POSITION_BITS - Math.min(bits, MOST_PART_BITS);
        this.parts = new int[1 << (POSITION_BITS - shift)];
        int at = 0;
        for (int part = 0; part < parts.length; part++) {
            int begin = at;
            while (at < points.length && position(points[at]) < (part + 1L) << shift) {
                at++;
            }
            parts[part] = at == begin ? placeAt(at) : ~begin;
        }
    }

    private static long[] points(List<Candidate> candidates, int scale) {
        double total = candidates.stream().mapToDouble(Candidate::weight).sum() / scale;
        double each = POINTS;
        while (each > 1 && each * total > MOST_POINTS) {
            each /= 2;
        }
        long[][] found = new long[candidates.size()][];
        for (int place = 0; place < found.length; place++) {
            Candidate candidate = candidates.get(place);
            int count = (int) Math.max(1, Math.round(each * candidate.weight() / scale));
            found[place] = pointsOf(HashKey.hash(candidate.backend().id()), place, count);
        }
        long[] all = Arrays.stream(found).flatMapToLong(Arrays::stream).toArray();
        Arrays.sort(all);
        return all;
    }

    private static long[] pointsOf(long id, int place, int count) {
        long[] points = new long[count];
        for (int i = 0; i < count; i++) {
            long position = HashKey.mix(id + (i + 1) * STRIDE) >>> (Long.SIZE - POSITION_BITS);
            points[i] = position << Integer.SIZE | place;
        }
        return points;
    }

    /** Place of the candidate that a hash belongs to. */
    int owner(long hash) {
        long position = hash >>> (Long.SIZE - POSITION_BITS);
        int part = parts[(int) (position >>> shift)];
        return part < 0 ? ownerBehind(~part, position) : part;
    }

    private int ownerBehind(int point, long position) {
        int at = point;
        while (at < points.length && position(points[at]) < position) {
            at++;
        }
        return placeAt(at);
    }

    private int placeAt(int point) {
        return (int) points[point == points.length ? 0 : point];
    }

    private static long position(long point) {
        return point >>> Integer.SIZE;
    }
}
