package io.velo.gateway;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.pool.Line;
import io.velo.wire.UpstreamSettings;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** One request's wait for a backend with room. What comes of it arrives on the event loop of the client. */
final class Room {

    private final MonoSink<Lease> sink;
    private final EventLoop eventLoop;
    private final AtomicBoolean over = new AtomicBoolean();

    private Room(MonoSink<Lease> sink, EventLoop eventLoop) {
        this.sink = sink;
        this.eventLoop = eventLoop;
    }

    /**
     * Waits in a line. Fails if too many wait already, and when it takes too long.
     *
     * @param taken given the lease before anybody else hears of it
     */
    static Mono<Lease> in(
            Line line, ExchangeView request, UpstreamSettings settings, EventLoop eventLoop, Consumer<Lease> taken) {
        return Mono.create(sink -> {
            Room room = new Room(sink, eventLoop);
            Optional<Line.Place> place =
                    line.join(request, settings.queue(), lease -> eventLoop.execute(() -> room.served(lease, taken)));
            if (place.isEmpty()) {
                room.refuse();
            } else {
                room.await(place.get(), settings.queueTimeout().toNanos());
            }
        });
    }

    private void await(Line.Place place, long nanos) {
        Future<?> timer = eventLoop.schedule(() -> giveUp(place), nanos, TimeUnit.NANOSECONDS);
        sink.onDispose(() -> {
            over.set(true);
            timer.cancel(false);
            place.leave();
        });
    }

    private void giveUp(Line.Place place) {
        if (place.leave()) {
            refuse();
        }
    }

    private void refuse() {
        sink.error(new FailedRequestException(Reason.CONNECTION_LIMIT_REACHED, null));
    }

    private void served(Lease lease, Consumer<Lease> taken) {
        if (over.compareAndSet(false, true)) {
            taken.accept(lease);
            sink.success(lease);
        } else {
            lease.abort(Reason.CLIENT_ABORTED); // whoever waited has left
        }
    }
}
