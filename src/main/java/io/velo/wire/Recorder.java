package io.velo.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.velo.backend.Reason;
import io.velo.route.RequestRecord.Asked;
import io.velo.route.RequestTrace;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Records the requests of a client's connection. Stands between the codec and the guard, so it sees what the client sends and
 * gets, whoever answers: a backend by either lane, Velo itself, or the guard.
 */
final class Recorder extends ChannelDuplexHandler {

    private static final AttributeKey<Recorder> KEY = AttributeKey.valueOf(Recorder.class, "recorder");

    private final Records records;
    private final Channel channel;
    private final BooleanSupplier listening;
    private final Asker asker;
    private final Queue<Recording> due = new ArrayDeque<>(2);
    private @Nullable Recording reading;
    private volatile @Nullable Recording next; // the first one due, for filters that have changed threads

    /**
     * @param listening whether the guard behind this one still looks at requests
     */
    Recorder(Records records, Channel channel, BooleanSupplier listening) {
        this.records = records;
        this.channel = channel;
        this.listening = listening;
        this.asker = new Asker(records, channel);
        channel.attr(KEY).set(this);
    }

    /** The one of a connection. */
    static Optional<Recorder> of(Channel client) {
        return Optional.ofNullable(client.attr(KEY).get());
    }

    /** Hands the request whose turn it is to a lane. */
    Optional<Recording> take() {
        Optional<Recording> taken = Optional.ofNullable(next);
        taken.ifPresent(Recording::take);
        return taken;
    }

    /** The request that is being read is refused; if none is, its head never came. */
    void refused(Reason why) {
        Recording refused = reading == null ? begin(asker.nothing(), EmptyHttpHeaders.INSTANCE) : reading;
        refused.refused(why);
    }

    private Recording begin(Asked asked, HttpHeaders fields) {
        Optional<RequestTrace> trace = records.tracer().map(tracer -> tracer.begin(asked, asker.arrival(fields)));
        Recording begun = new Recording(
                records, channel.eventLoop(), asked, trace, records.nanos().getAsLong());
        due.add(begun);
        next = due.peek();
        return begun;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest head && listening.getAsBoolean()) {
            reading = begin(asker.asked(head), head.headers());
        }
        Recording current = reading;
        if (current != null && message instanceof HttpContent part) {
            current.received(part.content().readableBytes());
        }
        ctx.fireChannelRead(message);
        if (message instanceof LastHttpContent) {
            reading = null;
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        Recording current = due.peek();
        if (current == null || current.inSession()) {
            ctx.write(message, promise);
        } else if (message instanceof HttpResponse head && isInformational(head)) {
            ctx.write(message, promise);
            switchIfAsked(ctx, head, current);
        } else {
            writeAnswer(ctx, message, promise, current);
        }
    }

    private void writeAnswer(ChannelHandlerContext ctx, Object message, ChannelPromise promise, Recording current) {
        if (message instanceof HttpResponse head) {
            current.answerBegins(head.status().code());
        }
        if (!current.answersHead()) {
            current.sent(bytes(message));
        }
        ctx.write(message, promise);
        if (message instanceof LastHttpContent) {
            due.poll();
            next = due.peek();
            current.answerEnds();
        }
    }

    private void switchIfAsked(ChannelHandlerContext ctx, HttpResponse head, Recording current) {
        if (head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            current.answerBegins(head.status().code());
            current.becomeSession();
            countBytes(ctx.pipeline(), new SessionBytes(current));
        }
    }

    /** Next to the wire, or to TLS: in front of what makes frames of bytes, which is there already. */
    private static void countBytes(ChannelPipeline pipeline, SessionBytes bytes) {
        if (pipeline.get(NettyPipeline.SslHandler) == null) {
            pipeline.addFirst("velo.sessionBytes", bytes);
        } else {
            pipeline.addAfter(NettyPipeline.SslHandler, "velo.sessionBytes", bytes);
        }
    }

    private static boolean isInformational(HttpResponse head) {
        return head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    /** Reactor Netty leaves it to the codec to make content of bytes. */
    private static long bytes(Object message) {
        if (message instanceof ByteBufHolder content) {
            return content.content().readableBytes();
        }
        if (message instanceof ByteBuf bytes) {
            return bytes.readableBytes();
        }
        return message instanceof FileRegion file ? file.count() : 0;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        next = null;
        for (Recording lost = due.poll(); lost != null; lost = due.poll()) {
            lost.connectionLost();
        }
        ctx.fireChannelInactive();
    }

    /** Counts the bytes of a connection that doesn't speak HTTP any more, where both lanes' are the same. */
    private static final class SessionBytes extends ChannelDuplexHandler {

        private final Recording session;

        SessionBytes(Recording session) {
            this.session = session;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            session.received(bytes(message));
            ctx.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            session.sent(bytes(message));
            ctx.write(message, promise);
        }
    }
}
