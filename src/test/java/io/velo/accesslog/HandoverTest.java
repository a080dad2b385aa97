package io.velo.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.core.ContextBase;
import ch.qos.logback.core.OutputStreamAppender;
import io.velo.route.RequestRecord;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandoverTest {

    private static final int MOST = 10;

    private final CountDownLatch disk = new CountDownLatch(1);
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final AtomicInteger writes = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private final Handover handover = Handover.to(lines(), MOST, dropped::increment);

    /** To a disk that writes nothing until it is told to. */
    private OutputStreamAppender<RequestRecord> lines() {
        ContextBase context = new ContextBase();
        OutputStreamAppender<RequestRecord> lines = new OutputStreamAppender<>();
        CombinedLines encoder = new CombinedLines();
        encoder.start();
        lines.setContext(context);
        lines.setEncoder(encoder);
        lines.setOutputStream(new BufferedOutputStream(new OutputStream() {
            @Override
            public void write(int b) {
                throw new UnsupportedOperationException("one byte");
            }

            @Override
            public void write(byte[] bytes, int start, int length) throws IOException {
                stuck.countDown();
                try {
                    disk.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                writes.incrementAndGet();
                synchronized (written) {
                    written.write(bytes, start, length);
                }
            }
        }));
        lines.start();
        return lines;
    }

    @AfterEach
    void stop() {
        disk.countDown();
        handover.stop();
    }

    private long writtenLines() {
        synchronized (written) {
            return written.toString(java.nio.charset.StandardCharsets.US_ASCII)
                    .lines()
                    .count();
        }
    }

    @Test
    void dropsAndCountsWhatItCannotHoldWithoutWaiting() {
        handover.doAppend(Requests.whole());
        await().untilAsserted(() -> assertThat(stuck.getCount()).isZero());
        for (int i = 0; i < 99; i++) {
            handover.doAppend(Requests.whole());
        }

        assertThat(dropped.sum()).isEqualTo(99 - MOST);
        disk.countDown();
        await().untilAsserted(() -> assertThat(writtenLines() + dropped.sum()).isEqualTo(100));
    }

    @Test
    void losesAndMiscountsNothingUnderManyThreads() throws InterruptedException {
        disk.countDown();
        Thread[] threads = new Thread[8];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                for (int line = 0; line < 500; line++) {
                    handover.doAppend(Requests.whole());
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        await().untilAsserted(() -> assertThat(writtenLines() + dropped.sum()).isEqualTo(4000));
    }

    @Test
    void writesASingleLineAtOnce() {
        disk.countDown();

        handover.doAppend(Requests.whole());

        await().untilAsserted(() -> assertThat(writtenLines()).isEqualTo(1));
    }

    @Test
    void writesManyLinesInOne() {
        for (int i = 0; i < MOST; i++) {
            handover.doAppend(Requests.whole());
        }
        disk.countDown();

        await().untilAsserted(() -> assertThat(writtenLines()).isEqualTo(MOST));
        assertThat(writes.get()).as("writes to the disk").isLessThan(MOST);
    }
}
