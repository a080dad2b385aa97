package io.velo.pool;

import io.velo.backend.Backend;
import io.velo.backend.Reason;
import java.util.ArrayList;
import java.util.List;

/** The backends that one request has had, and whether it may have another. Not thread-safe. */
public final class Tried {

    private static final int MOST_ATTEMPTS = 2;

    private List<Backend> backends = List.of();

    /** One more. */
    public void add(Backend backend) {
        if (backends.isEmpty()) {
            backends = List.of(backend);
        } else {
            backends = new ArrayList<>(backends);
            backends.add(backend);
        }
    }

    /** All so far, in order. */
    public List<Backend> backends() {
        return backends;
    }

    /** Whether another backend may be asked after a failure: nothing was sent, so any method may be repeated. */
    public boolean mayTryAnother(Reason why) {
        return why.beforeSending() && backends.size() < MOST_ATTEMPTS;
    }
}
