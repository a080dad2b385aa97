package io.velo.backend;

/** See {@link Breaker#NONE}. */
final class NeverTrips implements Breaker {

    @Override
    public long tryAcquire() {
        return 0;
    }

    @Override
    public Verdict record(long permit, Outcome outcome) {
        return Verdict.STAY;
    }

    @Override
    public Ejection open(Runnable whenOver) {
        throw new IllegalStateException("this breaker never trips");
    }

    @Override
    public Figures figures() {
        return Figures.NONE;
    }

    @Override
    public void close() {
        // nothing was counted
    }

    @Override
    public void refresh() {
        // there is nothing to set
    }
}
