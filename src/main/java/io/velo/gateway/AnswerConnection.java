package io.velo.gateway;

import io.netty.channel.Channel;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.netty.ByteBufFlux;
import reactor.netty.Connection;
import reactor.netty.NettyInbound;

/**
 * The connection that an answer comes in on as filters know it, under the attribute that the gateway's own client would set:
 * they may read the body from it, or dispose of it.
 */
final class AnswerConnection implements Connection, NettyInbound {

    private final Channel channel;
    private final BackendCall call;

    AnswerConnection(Channel channel, BackendCall call) {
        this.channel = channel;
        this.call = call;
    }

    BackendCall call() {
        return call;
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public NettyInbound inbound() {
        return this;
    }

    @Override
    public ByteBufFlux receive() {
        return ByteBufFlux.fromInbound(call.body().releasing(), channel.alloc());
    }

    @Override
    public Flux<?> receiveObject() {
        return call.body().releasing();
    }

    @Override
    public AnswerConnection withConnection(Consumer<? super Connection> withConnection) {
        withConnection.accept(this);
        return this;
    }

    /** Closes it unless the answer is whole: then it may serve another request by now. */
    @Override
    public void dispose() {
        call.abandon();
    }
}
