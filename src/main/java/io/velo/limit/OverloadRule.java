package io.velo.limit;

/**
 * When requests are turned away.
 *
 * @param maxLagNanos how late an event loop may be; 0 for as late as it likes
 * @param maxMemory how full the memory may be, 0 to 1; 0 for as full as it likes
 * @param priorityField in which trusted clients say how urgent a request is; empty for none
 */
public record OverloadRule(long maxLagNanos, double maxMemory, String priorityField) {

    /** Whether anything has to be watched. */
    public boolean watches() {
        return maxLagNanos > 0 || maxMemory > 0;
    }
}
