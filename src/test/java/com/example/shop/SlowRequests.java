package com.example.shop;

import io.velo.route.RecordListener;
import io.velo.route.RequestRecord;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;

/** Counts requests that took longer than a second, whoever answered them. */
@Component
class SlowRequests implements RecordListener {

    private static final long LONG = TimeUnit.SECONDS.toNanos(1);

    private final LongAdder all = new LongAdder();
    private final LongAdder slow = new LongAdder();

    @Override
    public void recorded(RequestRecord request) {
        all.increment();
        if (request.answered().nanos() > LONG) {
            slow.increment();
        }
    }

    /** For people: {@code 1 of 100}. */
    String told() {
        return slow.sum() + " of " + all.sum();
    }
}
