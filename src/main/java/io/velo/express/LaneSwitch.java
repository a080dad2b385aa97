package io.velo.express;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.velo.pool.Pool;
import io.velo.route.Lane;
import io.velo.route.Route;
import io.velo.wire.ClientGuards;
import io.velo.wire.Linger;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts each request of a client's connection on its lane: into an {@link Exchange} of its own, or on towards the gateway. One
 * request at a time, so that answers go out in order; what a client sends ahead waits here, and no more is read until then.
 */
final class LaneSwitch extends ChannelDuplexHandler {

    private static final Logger log = LoggerFactory.getLogger(LaneSwitch.class);

    private final ExpressLane lane;
    private final Queue<Object> ahead = new ArrayDeque<>(0);
    private @Nullable ChannelHandlerContext context;
    private @Nullable Peer peer;
    private @Nullable Exchange exchange;
    private boolean gatewayTurn;
    private boolean closing;
    private boolean taking;

    LaneSwitch(ExpressLane lane) {
        this.lane = lane;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (closing) {
            ReferenceCountUtil.release(message);
        } else if (!ahead.isEmpty() || (message instanceof HttpRequest && busy())) {
            ahead.add(message);
        } else {
            take(ctx, message);
        }
    }

    private boolean busy() {
        return exchange != null || gatewayTurn;
    }

    private void take(ChannelHandlerContext ctx, Object message) {
        Exchange current = exchange;
        if (message instanceof HttpRequest head) {
            begin(ctx, head);
        } else if (message == ClientGuards.BROKEN) {
            requestBroke();
        } else if (current != null && message instanceof HttpContent part) {
            current.part(part);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private void requestBroke() {
        Exchange current = exchange;
        if (current != null) {
            current.requestBroke();
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest head) {
        ExpressRequest request = new ExpressRequest(head, peer(ctx));
        Route route = head.uri().startsWith("/") ? lane.routes().table().find(request) : Route.NONE;
        Optional<Pool> pool = poolOf(route);
        boolean express = pool.isPresent() && request.aim(route.edits());
        if (!express) {
            gatewayTurn = true;
            ctx.fireChannelRead(head);
            return;
        }
        Account account =
                new Account(lane, route, pool.get(), request, lane.records().take(ctx.channel()));
        Exchange begun = new Exchange(lane, ctx, this, request, account);
        exchange = begun;
        begun.start();
    }

    private Optional<Pool> poolOf(Route route) {
        Optional<String> name = route.lane() == Lane.EXPRESS ? route.pool() : Optional.empty();
        return name.isEmpty() ? Optional.empty() : lane.pools().find(name.get());
    }

    private Peer peer(ChannelHandlerContext ctx) {
        Peer known = peer;
        if (known == null) {
            known = Peer.of(ctx.channel(), lane.trusted(), lane.certificates());
            peer = known;
        }
        return known;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Exchange current = exchange;
        if (current != null) {
            current.requestBatchEnded();
        }
        ctx.fireChannelReadComplete();
        readOn();
    }

    /** Asks for the next read unless somebody has to catch up first. The gateway asks for itself. */
    void readOn() {
        Exchange current = exchange;
        boolean wanted = current == null ? !gatewayTurn : ahead.isEmpty() && current.wantsMore();
        if (wanted && context != null) {
            context.read();
        }
    }

    /** The answer of the gateway passes by: with its end the turn is over. */
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ctx.write(message, promise);
        if (gatewayTurn && message instanceof LastHttpContent && !isInterim(message)) {
            gatewayTurn = false;
            if (ahead.isEmpty()) {
                ctx.read(); // Reactor Netty forgets it after a request that came while the answer before was going out
            } else {
                ctx.executor().execute(this::takeAhead); // not from within the gateway's own writing
            }
        }
    }

    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse head && head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    /** The exchange is over, and the client's connection goes on. */
    void turnOver() {
        exchange = null;
        takeAhead();
    }

    private void takeAhead() {
        ChannelHandlerContext ctx = Objects.requireNonNull(context, "not added");
        if (taking || ahead.isEmpty()) {
            return; // or else many short answers in a row would nest
        }
        taking = true;
        while (!ahead.isEmpty() && !(ahead.peek() instanceof HttpRequest && busy())) {
            take(ctx, Objects.requireNonNull(ahead.poll(), "not empty"));
        }
        taking = false;
        channelReadComplete(ctx);
    }

    /** The connection doesn't speak HTTP any more. */
    void leave() {
        exchange = null;
        dropAhead();
        Objects.requireNonNull(context, "not added").pipeline().remove(this);
    }

    /** The exchange is over, and so is the client's connection, as soon as what was written has gone out. */
    void close(boolean requestRead) {
        exchange = null;
        closing = true;
        dropAhead();
        Linger.close(Objects.requireNonNull(context, "not added"), requestRead);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Exchange current = exchange;
        if (current != null) {
            current.relay().clientWritable();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        dropAhead();
        Exchange current = exchange;
        exchange = null;
        if (current != null) {
            current.clientGone();
        }
        ctx.fireChannelInactive();
    }

    /** A reset by the client during an exchange is its leaving, and no news; anything else is a fault of Velo. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (exchange == null) {
            ctx.fireExceptionCaught(cause);
            return;
        }
        if (!(cause instanceof IOException)) {
            log.error("a request ended by a fault of Velo", cause);
        }
        ctx.close();
    }

    private void dropAhead() {
        ahead.forEach(ReferenceCountUtil::release);
        ahead.clear();
    }
}
