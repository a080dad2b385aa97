package io.velo.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.velo.wire.BackendConnection;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.publisher.BaseSubscriber;

/** The body of a request on its way to the backend, one part after the other as the backend takes them. */
final class BodyUpload extends BaseSubscriber<DataBuffer> {

    private final BackendConnection backend;
    private final EventLoop eventLoop;
    private final Runnable sent;
    private final Runnable broken;
    private boolean hopping;
    private boolean batching = true;
    private boolean waiting;
    private boolean over;

    /**
     * @param sent run when all of it is on its way
     * @param broken run when the rest won't come
     */
    BodyUpload(BackendConnection backend, Runnable sent, Runnable broken) {
        this.backend = backend;
        this.eventLoop = backend.channel().eventLoop();
        this.sent = sent;
        this.broken = broken;
    }

    /** Whether all of it is on its way. */
    boolean over() {
        return over;
    }

    /** Sends what has been written, and from now on each part at once. */
    void flush() {
        batching = false;
        backend.flush();
    }

    /** The backend takes more again. */
    void backendWritable() {
        if (waiting && backend.writable()) {
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
        inTurn(() -> write(part));
    }

    private void write(DataBuffer part) {
        if (isDisposed()) {
            DataBufferUtils.release(part);
            return;
        }
        ByteBuf bytes = NettyDataBufferFactory.toByteBuf(part);
        backend.write(new DefaultHttpContent(bytes));
        flushIfDue();
        if (backend.writable()) {
            request(1);
        } else {
            waiting = true;
        }
    }

    @Override
    protected void hookOnComplete() {
        inTurn(() -> {
            over = true;
            backend.write(LastHttpContent.EMPTY_LAST_CONTENT);
            flushIfDue();
            sent.run();
        });
    }

    @Override
    protected void hookOnError(Throwable failure) {
        inTurn(broken);
    }

    private void flushIfDue() {
        if (!batching || !backend.writable()) {
            backend.flush();
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
}
