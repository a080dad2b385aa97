package io.velo.gateway;

import io.velo.pool.Lease;

/** A signal inside the filter chain: the request has been answered, but another backend is to be asked instead. */
final class TakenElsewhere extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Lease lease;

    /**
     * @param lease the request's hold on the other backend
     */
    TakenElsewhere(Lease lease) {
        super("answered by one backend, taken to " + lease.backend(), null, false, false);
        this.lease = lease;
    }

    Lease lease() {
        return lease;
    }
}
