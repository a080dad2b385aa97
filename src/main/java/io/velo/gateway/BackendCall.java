package io.velo.gateway;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.velo.backend.Reason;
import io.velo.websocket.Session;
import io.velo.websocket.Sessions;
import io.velo.wire.ClientGuards;
import io.velo.wire.FailureReasons;
import io.velo.wire.h2.Tunnel;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * One request to one backend and its answer, on the event loop of the client's connection. Completes when the head of the
 * answer is there and has been accepted, together with what of the body came in the same read; the body goes on in
 * {@link #body}.
 */
final class BackendCall extends Mono<Void> implements Subscription {

    private final BackendTurn turn;
    private final Channel client;
    private final Consumer<BackendCall> accept;
    private final Sessions sessions;
    private final AnswerBody body;
    private @Nullable CoreSubscriber<? super Void> actual;
    private @Nullable BackendAnswer answer;
    private @Nullable Session session;
    private boolean told;

    /**
     * @param client the client's connection, or its stream of one
     * @param accept run when the head of the answer is there
     * @param sessions where a connection goes whose backend switches to WebSocket
     */
    BackendCall(BackendTurn turn, Channel client, Consumer<BackendCall> accept, Sessions sessions) {
        this.turn = turn;
        this.client = client;
        this.accept = accept;
        this.sessions = sessions;
        this.body = new AnswerBody(client.eventLoop(), this::settle, this::abandon);
    }

    /** The head of the answer. */
    BackendAnswer answer() {
        return Objects.requireNonNull(answer, "no answer yet");
    }

    /** The status that the client is told by it. */
    int clientStatus() {
        return Tunnel.told(answer().status(), client).code();
    }

    /** The session that the answer is the beginning of, if it is one. */
    Optional<Session> session() {
        return Optional.ofNullable(session);
    }

    EventLoop eventLoop() {
        return client.eventLoop();
    }

    /** Whether the head of the answer is there. */
    boolean isAnswered() {
        return answer != null;
    }

    /** The body of the answer, for one reader. */
    AnswerBody body() {
        return body;
    }

    /** The connection that the answer comes in on. */
    Channel channel() {
        return turn.channel();
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> subscriber) {
        actual = subscriber;
        subscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        onEventLoop(() -> turn.start(this));
    }

    /** A part of the answer has come in. */
    void answered(HttpObject part) {
        if (part instanceof HttpResponse head) {
            headArrived(head, head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS));
        } else if (part instanceof HttpContent content) {
            bodyArrived(content);
        }
    }

    private void headArrived(HttpResponse head, boolean switching) {
        if (switching && !ClientGuards.agreesTo(head, client)) {
            ReferenceCountUtil.release(head);
            failed(Reason.HTTP_PROTOCOL_ERROR);
            return;
        }
        answer = new BackendAnswer(turn.request().head(), head, channel().id().asShortText());
        if (switching) {
            session = sessions.with(turn.handOver());
            tell();
        }
    }

    private void bodyArrived(HttpContent content) {
        body.add(content.content());
        if (content instanceof LastHttpContent last) {
            body.end();
            answer().ended(last.trailingHeaders());
            turn.complete();
            answerBatchEnded();
        }
    }

    /** What one read of the backend's connection brought has come in. */
    void answerBatchEnded() {
        if (answer != null) {
            tell();
            body.drain();
            settle();
        }
    }

    private void tell() {
        CoreSubscriber<? super Void> waiting = actual;
        if (told || waiting == null) {
            return;
        }
        told = true;
        try {
            accept.accept(this);
        } catch (RuntimeException e) {
            abandon();
            waiting.onError(new FailedRequestException(FailureReasons.of(e), e)); // no answer can be made of it
            return;
        }
        waiting.onComplete();
    }

    private void settle() {
        if (answer != null) {
            turn.wantMore(body.wantsMore());
        }
    }

    /** There won't be an answer, or the rest of it. */
    void failed(Reason why) {
        turn.close();
        CoreSubscriber<? super Void> waiting = actual;
        if (answer != null) {
            Reason reason = why == Reason.CLIENT_ABORTED ? why : Reason.HTTP_RESPONSE_INCOMPLETE;
            body.fail(new FailedRequestException(reason, null));
            answerBatchEnded();
        } else if (!told && waiting != null) {
            told = true;
            waiting.onError(new FailedRequestException(why, null));
        }
    }

    /** Whoever waited for the head doesn't any more: the client has left, or a filter's time is over. */
    @Override
    public void cancel() {
        onEventLoop(() -> {
            if (!told) {
                told = true;
                turn.close();
                body.drop();
            }
        });
    }

    /** Nobody wants the rest of the answer: closes the connection unless the answer is whole. */
    void abandon() {
        onEventLoop(() -> {
            turn.close();
            body.drop();
            session().ifPresent(Session::drop);
        });
    }

    private void onEventLoop(Runnable step) {
        if (eventLoop().inEventLoop()) {
            step.run();
        } else {
            eventLoop().execute(step);
        }
    }
}
