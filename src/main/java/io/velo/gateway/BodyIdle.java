package io.velo.gateway;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;

/**
 * Fails with a {@link TimeoutException} if the source says nothing for too long although something is wanted of it. A slow
 * reader, who wants nothing, doesn't count against the source; in this it differs from {@code Flux.timeout}.
 */
final class BodyIdle<T> extends FluxOperator<T, T> {

    private final long idleNanos;
    private final ScheduledExecutorService eventLoop;

    /**
     * @param eventLoop the one thread on which the source signals
     */
    BodyIdle(Flux<? extends T> source, Duration idle, ScheduledExecutorService eventLoop) {
        super(source);
        this.idleNanos = idle.toNanos();
        this.eventLoop = eventLoop;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new Watch(actual));
    }

    private final class Watch implements CoreSubscriber<T>, Subscription {

        private final CoreSubscriber<? super T> actual;
        private final AtomicLong wanted = new AtomicLong();
        private volatile @Nullable Subscription upstream;
        private volatile @Nullable ScheduledFuture<?> alarm;
        private boolean heard; // since the last look; on the event loop only
        private boolean done;

        Watch(CoreSubscriber<? super T> actual) {
            this.actual = actual;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            alarm = eventLoop.scheduleWithFixedDelay(this::look, idleNanos, idleNanos, TimeUnit.NANOSECONDS);
            actual.onSubscribe(this);
        }

        private void look() {
            if (!done && !heard && wanted.get() > 0) {
                done = true;
                cancel();
                actual.onError(new TimeoutException("no byte of the body within " + idleNanos / 1_000_000 + " ms"));
            }
            heard = wanted.get() == 0; // who starts to wait now gets a whole period
        }

        @Override
        public void request(long n) {
            wanted.getAndUpdate(now -> Operators.addCap(now, n));
            Subscription source = upstream;
            if (source != null) {
                source.request(n);
            }
        }

        @Override
        public void cancel() {
            stopLooking();
            Subscription source = upstream;
            if (source != null) {
                source.cancel();
            }
        }

        @Override
        public void onNext(T item) {
            heard = true;
            wanted.getAndUpdate(now -> now == Long.MAX_VALUE ? now : now - 1);
            actual.onNext(item);
        }

        @Override
        public void onError(Throwable failure) {
            stopLooking();
            if (!done) {
                done = true;
                actual.onError(failure);
            }
        }

        @Override
        public void onComplete() {
            stopLooking();
            if (!done) {
                done = true;
                actual.onComplete();
            }
        }

        private void stopLooking() {
            ScheduledFuture<?> pending = alarm;
            if (pending != null) {
                pending.cancel(false);
            }
        }
    }
}
