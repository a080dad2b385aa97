package io.velo.route;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values by segment of a path, immutable. A look-up reads the segment where it stands, so it allocates nothing; it costs
 * O(length of the segment).
 */
final class SegmentTable<V> {

    private static final int SLOTS_PER_ENTRY = 2;

    /** 2^32 over the golden ratio: spreads the hashes of names that differ in their last digits alone (Knuth, 6.4). */
    private static final int GOLDEN = 0x9e3779b9;

    private final @Nullable Entry<V>[] slots;
    private final int shift;

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of a generic type
    SegmentTable(Map<String, V> values) {
        int size = Integer.highestOneBit(Math.max(1, values.size() * SLOTS_PER_ENTRY)) * 2;
        slots = new Entry[size];
        shift = Integer.numberOfLeadingZeros(size) + 1; // leaves as many bits as there are slots
        values.forEach((segment, value) -> slots[freeSlot(segment.hashCode())] = new Entry<>(segment, value));
    }

    private int freeSlot(int hash) {
        int slot = slotOf(hash);
        while (slots[slot] != null) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private int slotOf(int hash) {
        return (hash * GOLDEN) >>> shift;
    }

    /** The value of the segment that stands there in the path; null if there is none. */
    @Nullable
    V find(String path, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + path.charAt(i); // as String does
        }
        int slot = slotOf(hash);
        for (Entry<V> entry = slots[slot]; entry != null; entry = slots[slot]) {
            if (entry.isAt(path, from, to)) {
                return entry.value;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return null;
    }

    private record Entry<V>(String segment, V value) {

        boolean isAt(String path, int from, int to) {
            return segment.length() == to - from && path.startsWith(segment, from);
        }
    }
}
