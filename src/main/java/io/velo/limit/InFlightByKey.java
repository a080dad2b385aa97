package io.velo.limit;

import java.util.concurrent.ConcurrentHashMap;

/** How many requests of each key are in flight. Knows only keys that have some, so it is bounded by what Velo has to do. */
final class InFlightByKey {

    private final ConcurrentHashMap<String, Integer> held = new ConcurrentHashMap<>();

    /** Lets one in unless there are as many already. */
    boolean tryEnter(String key, int most) {
        boolean[] entered = new boolean[1];
        held.compute(key, (same, before) -> {
            int now = before == null ? 0 : before;
            entered[0] = now < most;
            return entered[0] ? Integer.valueOf(now + 1) : before;
        });
        return entered[0];
    }

    /** One that was let in is over. */
    void leave(String key) {
        held.computeIfPresent(key, (same, before) -> before == 1 ? null : before - 1);
    }

    /** How many keys have requests in flight. */
    int size() {
        return held.size();
    }
}
