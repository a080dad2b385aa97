package io.velo.pool;

import io.velo.backend.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The backends that one request has had. Not thread-safe. */
public final class Tried {

    private final @Nullable AttemptTracer tracer;
    private List<Backend> backends = List.of();
    private @Nullable Lease last;
    private int attempts;

    public Tried() {
        this(Optional.empty());
    }

    /**
     * The same, followed.
     *
     * @param tracer told of each backend, if there is one
     */
    public Tried(Optional<AttemptTracer> tracer) {
        this.tracer = tracer.orElse(null);
    }

    /** One more, which counts from now on. */
    public void add(Lease lease) {
        beside(lease);
        last = lease;
    }

    /** One more beside the one that counts. */
    void beside(Lease lease) {
        if (tracer != null) {
            lease.traceBy(tracer.begin(lease));
        }
        attempts++;
        if (backends.isEmpty()) {
            backends = List.of(lease.backend());
        } else {
            backends = new ArrayList<>(backends);
            backends.add(lease.backend());
        }
    }

    /** Of two that were asked beside each other this one counts. */
    void leads(Lease lease) {
        last = lease;
    }

    /** The request is placed anew, perhaps in another pool, and may have all backends again. */
    public void startOver() {
        backends = List.of();
    }

    /** Those that it may not have again, in order. */
    public List<Backend> backends() {
        return backends;
    }

    /** The hold on the latest backend that counts. */
    public Optional<Lease> last() {
        return Optional.ofNullable(last);
    }

    /** How many backends were asked in all. */
    public int attempts() {
        return attempts;
    }
}
