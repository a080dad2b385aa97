package io.velo.simulate;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;

/** A server with some workers and one line before them. Times to serve vary by half of their mean (Erlang of four parts). */
final class Server {

    private static final int PARTS = 4;

    private final Timeline timeline;
    private final SplittableRandom random;
    private final int workers;
    private final double meanNanos;
    private final Queue<Runnable> line = new ArrayDeque<>();
    private int busy;
    private long frozenUntil;

    Server(Timeline timeline, SplittableRandom random, int workers, double meanNanos) {
        this.timeline = timeline;
        this.random = random;
        this.workers = workers;
        this.meanNanos = meanNanos;
    }

    /** Requests in it, those that wait included. */
    int load() {
        return busy + line.size();
    }

    double requestsPerNano() {
        return workers / meanNanos;
    }

    /** Nothing goes on in it for a while. */
    void freeze(long nanos) {
        frozenUntil = timeline.now() + nanos;
    }

    void serve(Runnable done) {
        if (busy == workers) {
            line.add(done);
        } else {
            start(done);
        }
    }

    private void start(Runnable done) {
        busy++;
        long frozen = Math.max(0, frozenUntil - timeline.now());
        timeline.after(frozen + service(), () -> finish(done));
    }

    private long service() {
        double product = 1;
        for (int i = 0; i < PARTS; i++) {
            product *= 1 - random.nextDouble();
        }
        return (long) (-meanNanos / PARTS * Math.log(product));
    }

    private void finish(Runnable done) {
        if (timeline.now() < frozenUntil) {
            timeline.after(frozenUntil - timeline.now(), () -> finish(done));
            return;
        }
        busy--;
        done.run();
        Runnable next = line.poll();
        if (next != null) {
            start(next);
        }
    }
}
