package io.velo.auth;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells why logins fail: at once, but warns seldom, since anybody can make one fail. */
final class OidcReports {

    private static final Logger log = LoggerFactory.getLogger(OidcReports.class);

    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private final LongSupplier nanos;
    private final AtomicLong next;

    OidcReports(LongSupplier nanos) {
        this.nanos = nanos;
        this.next = new AtomicLong(nanos.getAsLong());
    }

    void debug(String what) {
        log.debug(what);
    }

    void warn(String what, Exception failure) {
        long now = nanos.getAsLong();
        long due = next.get();
        boolean warns = now - due >= 0 && next.compareAndSet(due, now + PAUSE_NANOS);
        log.atLevel(warns ? org.slf4j.event.Level.WARN : org.slf4j.event.Level.DEBUG)
                .addKeyValue("reason", failure.toString())
                .log(what);
    }
}
