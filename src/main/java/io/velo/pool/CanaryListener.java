package io.velo.pool;

/** Told of canaries that step back, on the thread that ended the decisive request: must not block. */
@FunctionalInterface
public interface CanaryListener {

    /** From now on its share is 0. */
    void steppedBack(StepBack stepBack);
}
