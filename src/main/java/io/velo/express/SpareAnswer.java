package io.velo.express;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * The beginning of an answer that is held back while another backend is sought: should there be none, the client gets this one.
 * Nothing is read meanwhile, so it is no more than one read.
 */
final class SpareAnswer {

    private final HttpResponse head;
    private final Queue<HttpContent> parts = new ArrayDeque<>(2);
    private boolean whole;
    private boolean broken;

    SpareAnswer(HttpResponse head) {
        this.head = head;
    }

    HttpResponse head() {
        return head;
    }

    void add(HttpContent part) {
        whole |= part instanceof LastHttpContent && part.decoderResult().isSuccess();
        parts.add(part);
    }

    /** Whether its end is here, too. */
    boolean whole() {
        return whole;
    }

    /** The rest of it won't come. */
    void breakOff() {
        broken = !whole;
    }

    boolean broken() {
        return broken;
    }

    /** Hands its parts over, which are the taker's to release. */
    void drainTo(Consumer<HttpContent> taker) {
        for (HttpContent part = parts.poll(); part != null; part = parts.poll()) {
            taker.accept(part);
        }
    }

    void release() {
        drainTo(ReferenceCountUtil::release);
    }
}
