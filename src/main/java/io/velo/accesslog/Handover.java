package io.velo.accesslog;

import ch.qos.logback.core.AsyncAppenderBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.velo.route.RequestRecord;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes records from the event loops to the thread that writes them. Never blocks: when too many wait, what comes is dropped
 * and counted, which Logback's own queue would do without a word. Thread-safe.
 */
final class Handover extends AsyncAppenderBase<RequestRecord> {

    private static final int MOST_MILLIS_TO_STOP = 10_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final AtomicInteger waiting = new AtomicInteger();
    private final int most;
    private final Runnable dropped;

    private Handover(int most, Runnable dropped) {
        this.most = most;
        this.dropped = dropped;
    }

    /**
     * Starts it.
     *
     * @param most records that may wait
     * @param dropped run for each record that can't
     */
    static Handover to(OutputStreamAppender<RequestRecord> lines, int most, Runnable dropped) {
        Handover handover = new Handover(most, dropped);
        Batches batches = new Batches(lines, handover.waiting);
        batches.setContext(lines.getContext());
        batches.start();
        handover.setName(lines.getName());
        handover.setContext(lines.getContext());
        handover.setQueueSize(most);
        handover.setNeverBlock(true);
        handover.setMaxFlushTime(MOST_MILLIS_TO_STOP);
        handover.addAppender(batches);
        handover.start();
        return handover;
    }

    @Override
    protected void append(RequestRecord request) {
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            dropped.run();
        } else {
            super.append(request);
        }
    }

    /**
     * Flushes when nothing waits any more, at once when it's quiet, and then lets more come together. To be woken for each
     * line would cost a busy event loop more than the rest of a request.
     */
    private static final class Batches extends UnsynchronizedAppenderBase<RequestRecord> {

        private final OutputStreamAppender<RequestRecord> lines;
        private final AtomicInteger waiting;

        Batches(OutputStreamAppender<RequestRecord> lines, AtomicInteger waiting) {
            this.lines = lines;
            this.waiting = waiting;
        }

        @Override
        protected void append(RequestRecord request) {
            boolean last = waiting.decrementAndGet() == 0;
            lines.setImmediateFlush(last);
            lines.doAppend(request);
            if (last) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        @Override
        public void stop() {
            lines.stop();
            super.stop();
        }
    }
}
