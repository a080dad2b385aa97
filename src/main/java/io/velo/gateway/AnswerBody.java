package io.velo.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The body of a backend's answer, for one subscriber, to whom each part belongs. Holds what nobody has asked for yet; the
 * backend's connection isn't read meanwhile, so that is little. Works on the event loop of the connection.
 */
final class AnswerBody extends Flux<ByteBuf> implements Subscription {

    private final EventLoop eventLoop;
    private final Runnable drained;
    private final Runnable cancelled;
    private final Queue<ByteBuf> parts = new ArrayDeque<>(2);
    private @Nullable CoreSubscriber<? super ByteBuf> reader;
    private @Nullable Throwable failure;
    private long wanted;
    private boolean whole;
    private boolean done;
    private boolean draining;
    private boolean releasing;

    /**
     * @param drained run when the reader may want more
     * @param cancelled run when the reader wants no more although there is
     */
    AnswerBody(EventLoop eventLoop, Runnable drained, Runnable cancelled) {
        this.eventLoop = eventLoop;
        this.drained = drained;
        this.cancelled = cancelled;
    }

    /** The same for readers who leave the releasing of parts to it, as Reactor Netty's do. */
    Flux<ByteBuf> releasing() {
        releasing = true;
        return this;
    }

    /** Whether nothing of it is there yet. */
    boolean isToCome() {
        return !whole && !done && failure == null && parts.isEmpty();
    }

    /** Whether the whole body is there in one piece and nobody has begun to read it. */
    boolean inOnePiece() {
        return whole && !done && reader == null && parts.size() == 1;
    }

    /** The body, if it is still there as {@link #inOnePiece} has it. */
    Optional<ByteBuf> takeWhole() {
        if (!inOnePiece()) {
            return Optional.empty();
        }
        done = true;
        return Optional.ofNullable(parts.poll());
    }

    /** Whether all there is has been read, and more is wanted or nobody has begun to read. */
    boolean wantsMore() {
        return parts.isEmpty() && (reader == null || wanted > 0);
    }

    void add(ByteBuf part) {
        if (done || !part.isReadable()) {
            ReferenceCountUtil.release(part);
        } else {
            parts.add(part);
        }
    }

    void end() {
        whole = true;
    }

    void fail(Throwable cause) {
        failure = cause;
    }

    /** Nobody will read it any more. */
    void drop() {
        done = true;
        parts.forEach(ReferenceCountUtil::release);
        parts.clear();
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
        if (eventLoop.inEventLoop()) {
            begin(actual);
        } else {
            eventLoop.execute(() -> begin(actual));
        }
    }

    private void begin(CoreSubscriber<? super ByteBuf> actual) {
        if (reader != null || done) {
            Operators.error(actual, new IllegalStateException("the body of an answer can be read once only"));
            return;
        }
        reader = actual;
        actual.onSubscribe(this);
        drain();
    }

    @Override
    public void request(long n) {
        if (eventLoop.inEventLoop()) {
            wanted = Operators.addCap(wanted, n);
            drain();
        } else {
            eventLoop.execute(() -> request(n));
        }
    }

    @Override
    public void cancel() {
        if (!eventLoop.inEventLoop()) {
            eventLoop.execute(this::cancel);
        } else if (!done) {
            drop();
            cancelled.run();
        }
    }

    /** Hands on what is there and wanted. */
    void drain() {
        CoreSubscriber<? super ByteBuf> to = reader;
        if (to == null || draining) {
            return;
        }
        draining = true;
        while (!done && step(to)) {
            // the next one
        }
        draining = false;
        drained.run();
    }

    private boolean step(CoreSubscriber<? super ByteBuf> to) {
        if (parts.isEmpty()) {
            return endIfDue(to);
        }
        if (wanted == 0) {
            return false;
        }
        wanted = wanted == Long.MAX_VALUE ? wanted : wanted - 1;
        ByteBuf part = parts.remove();
        to.onNext(part);
        if (releasing) {
            part.release();
        }
        return true;
    }

    private boolean endIfDue(CoreSubscriber<? super ByteBuf> to) {
        Throwable cause = failure;
        done = whole || cause != null;
        if (cause != null) {
            to.onError(cause);
        } else if (whole) {
            to.onComplete();
        }
        return false;
    }
}
