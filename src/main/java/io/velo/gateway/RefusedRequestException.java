package io.velo.gateway;

import io.velo.access.Refusal;

/** A request that may not pass. */
final class RefusedRequestException extends FailedRequestException {

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    RefusedRequestException(Refusal refusal) {
        super(refusal.reason(), null);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}
