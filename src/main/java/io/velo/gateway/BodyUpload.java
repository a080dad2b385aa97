package io.velo.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.velo.wire.BackendConnection;
import io.velo.wire.Replay;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * The body of a request on its way to the backend, one part after the other as the backend takes them. It is read once; if
 * another backend has to get it, too, that one gets what was kept of it first.
 */
final class BodyUpload extends BaseSubscriber<DataBuffer> {

    private final Flux<DataBuffer> body;
    private final EventLoop eventLoop;
    private final Replay replay;
    private final Queue<ByteBuf> held = new ArrayDeque<>(1); // came between two backends
    private @Nullable To to;
    private boolean begun;
    private boolean hopping;
    private boolean batching;
    private boolean waiting;
    private boolean whole;
    private boolean broken;
    private boolean over;

    /**
     * @param eventLoop of the client's connection, and of those to the backends
     */
    BodyUpload(Flux<DataBuffer> body, EventLoop eventLoop, Replay replay) {
        this.body = body;
        this.eventLoop = eventLoop;
        this.replay = replay;
    }

    /**
     * Sends it to a backend, from its beginning.
     *
     * @param sent run when all of it is on its way
     * @param lost run when the rest won't come
     */
    void follow(BackendConnection backend, Runnable sent, Runnable lost) {
        To next = new To(backend, sent, lost);
        to = next;
        over = false;
        batching = true;
        if (begun) {
            goOn(next);
        } else {
            begun = true;
            body.subscribe(this);
        }
        batching = false;
        backend.flush();
    }

    private void goOn(To next) {
        replay.again().ifPresent(bytes -> next.backend.write(new DefaultHttpContent(bytes)));
        for (ByteBuf part = held.poll(); part != null; part = held.poll()) {
            send(part, next);
        }
        if (broken) {
            next.lost.run();
        } else if (whole) {
            end(next);
        } else if (waiting) {
            waiting = false;
            request(1);
        }
    }

    /** The backend is out of it; perhaps there is another one. */
    void rewind() {
        to = null;
    }

    /** Whether there can be another one. */
    boolean replayable() {
        return replay.whole();
    }

    /** There won't be another one. */
    void forget() {
        replay.forget();
    }

    /** Nobody wants it any more. For any thread. */
    void close() {
        if (eventLoop.inEventLoop()) {
            to = null;
            replay.forget();
            held.forEach(ByteBuf::release);
            held.clear();
            dispose();
        } else {
            eventLoop.execute(this::close);
        }
    }

    /** Whether all of it is on its way. */
    boolean over() {
        return over;
    }

    /** The backend takes more again. */
    void backendWritable() {
        To current = to;
        if (waiting && current != null && current.backend.writable()) {
            waiting = false;
            request(1);
        }
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        request(1);
    }

    @Override
    protected void hookOnNext(DataBuffer part) {
        inTurn(() -> take(part));
    }

    private void take(DataBuffer part) {
        if (isDisposed()) {
            DataBufferUtils.release(part);
            return;
        }
        ByteBuf bytes = NettyDataBufferFactory.toByteBuf(part);
        To current = to;
        if (current == null) {
            held.add(bytes);
            waiting = true;
            return;
        }
        send(bytes, current);
        flushIfDue(current);
        if (current.backend.writable()) {
            request(1);
        } else {
            waiting = true;
        }
    }

    private void send(ByteBuf part, To current) {
        replay.keep(part);
        current.backend.write(new DefaultHttpContent(part));
    }

    @Override
    protected void hookOnComplete() {
        inTurn(() -> {
            whole = true;
            To current = to;
            if (current != null) {
                end(current);
            }
        });
    }

    private void end(To current) {
        over = true;
        current.backend.write(LastHttpContent.EMPTY_LAST_CONTENT);
        flushIfDue(current);
        current.sent.run();
    }

    @Override
    protected void hookOnError(Throwable failure) {
        inTurn(() -> {
            broken = true;
            To current = to;
            if (current != null) {
                current.lost.run();
            }
        });
    }

    private void flushIfDue(To current) {
        if (!batching || !current.backend.writable()) {
            current.backend.flush();
        }
    }

    /** On the event loop, and never before something that has to wait for it. */
    private void inTurn(Runnable step) {
        if (!hopping && eventLoop.inEventLoop()) {
            step.run();
        } else {
            hopping = true;
            eventLoop.execute(step);
        }
    }

    private record To(BackendConnection backend, Runnable sent, Runnable lost) {}
}
