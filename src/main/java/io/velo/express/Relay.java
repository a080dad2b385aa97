package io.velo.express;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.velo.backend.Reason;
import io.velo.pool.Retry;
import io.velo.wire.BackendConnection;
import io.velo.wire.FailureReasons;
import org.jspecify.annotations.Nullable;

/**
 * What a backend answers, on its way to the client: judged by its head, held back while another backend is sought that may have a
 * better answer, and passed on as fast as the client takes it.
 */
final class Relay {

    private final Exchange exchange;
    private final Attempts attempts;
    private final Account account;
    private final Errand errand;
    private final Upload upload;
    private final Download download;
    private @Nullable SpareAnswer spare;

    Relay(Exchange exchange, Attempts attempts, Errand errand, Upload upload, Download download) {
        this.exchange = exchange;
        this.attempts = attempts;
        this.account = attempts.account();
        this.errand = errand;
        this.upload = upload;
        this.download = download;
    }

    /** A part of the answer has come in. */
    void answered(HttpObject part) {
        if (part instanceof HttpResponse head) {
            begins(head);
        } else {
            goesOn((HttpContent) part);
        }
    }

    private void begins(HttpResponse head) {
        if (head.decoderResult().isFailure()) {
            ReferenceCountUtil.release(head);
            errand.fail(FailureReasons.ofHead(head.decoderResult().cause()));
            return;
        }
        errand.headArrived();
        attempts.answered(head);
        Retry retry = attempts.again(head, upload.replayable());
        if (retry.granted()) {
            holdBack(head, retry);
        } else {
            passOn(head);
        }
    }

    private void passOn(HttpResponse head) {
        upload.forget();
        attempts.bind(head.headers());
        account.explain(head.headers());
        BackendConnection from = errand.connection();
        if (from != null && head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            exchange.switchOver(head, from);
        } else {
            download.head(head, account.route().edits().answer());
            attempts.told(head.status().code());
            account.giveCookie(head.headers());
        }
    }

    /** Another backend may have a better answer; what of this one has been read already comes in before that is asked. */
    private void holdBack(HttpResponse head, Retry retry) {
        spare = new SpareAnswer(head);
        wantMore(false);
        errand.later(retry.delayNanos(), this::askAnother);
    }

    private void askAnother() {
        SpareAnswer held = spare;
        spare = null;
        if (held == null) {
            return;
        }
        if (attempts.another()) {
            held.release();
            errand.complete(held.whole() && upload.isRead());
            upload.rewind();
            errand.startOver();
        } else if (held.broken()) {
            held.release();
            errand.fail(Reason.HTTP_RESPONSE_INCOMPLETE);
        } else {
            passOn(held.head());
            held.drainTo(this::goesOn);
            download.flush();
            clientWritable();
        }
    }

    private void goesOn(HttpContent part) {
        SpareAnswer held = spare;
        if (held != null) {
            held.add(part);
            return;
        }
        if (part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(part);
            errand.fail(Reason.HTTP_RESPONSE_INCOMPLETE);
            return;
        }
        boolean ready = download.part(part);
        if (part instanceof LastHttpContent last) {
            attempts.turnsOut(last.trailingHeaders());
            exchange.complete();
        } else if (!ready) {
            wantMore(false);
        }
    }

    private void wantMore(boolean wanted) {
        BackendConnection from = errand.connection();
        if (from != null) {
            from.wantMore(wanted);
        }
    }

    /** What one read of the backend's connection brought has been told. */
    void batchEnded() {
        download.flush();
    }

    /** The client takes more again. */
    void clientWritable() {
        if (spare == null && download.ready()) {
            wantMore(true);
        }
    }

    /** The connection is gone, and the answer has begun. */
    void broke() {
        SpareAnswer held = spare;
        if (held != null) {
            held.breakOff();
        } else {
            errand.fail(Reason.HTTP_RESPONSE_INCOMPLETE);
        }
    }

    /** Nobody wants what is held back. */
    void drop() {
        SpareAnswer held = spare;
        if (held != null) {
            spare = null;
            held.release();
        }
    }
}
