package io.velo.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * A context in whose place another one may step at any time. Connections that are open keep what they began with; those to come
 * take the new one. Thread-safe, without a lock.
 */
final class LiveSslContext extends SslContext {

    private final AtomicReference<SslContext> current;
    private final String serverName;

    /**
     * @param first is released when it is not needed any more, and so are those that follow it
     * @param serverName in place of the name of whoever is connected to; empty for that
     */
    LiveSslContext(SslContext first, String serverName) {
        this.current = new AtomicReference<>(first);
        this.serverName = serverName;
    }

    /** New connections begin with this one. */
    void become(SslContext next) {
        ReferenceCountUtil.release(current.getAndSet(next));
    }

    /** Nobody connects any more. */
    void close() {
        ReferenceCountUtil.release(current.get());
    }

    /** Holds the current one meanwhile, which is released by whoever puts another one in its place. */
    private <T> T with(Function<SslContext, T> use) {
        while (true) {
            SslContext held = current.get();
            if (isHeld(held)) {
                try {
                    return use.apply(held);
                } finally {
                    ReferenceCountUtil.release(held);
                }
            }
        }
    }

    private boolean isHeld(SslContext context) {
        try {
            ReferenceCountUtil.retain(context);
            return true;
        } catch (IllegalReferenceCountException released) {
            if (current.get() == context) {
                throw released; // not because of a successor
            }
            return false;
        }
    }

    private String nameOf(String host) {
        return serverName.isEmpty() ? host : serverName;
    }

    @Override
    public boolean isClient() {
        return current.get().isClient();
    }

    @Override
    public List<String> cipherSuites() {
        return current.get().cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // but there is no other way to say it
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return current.get().applicationProtocolNegotiator();
    }

    @Override
    public SSLSessionContext sessionContext() {
        return current.get().sessionContext();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator alloc) {
        return with(context -> context.newEngine(alloc));
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator alloc, String peerHost, int peerPort) {
        return with(context -> context.newEngine(alloc, nameOf(peerHost), peerPort));
    }

    @Override
    protected SslHandler newHandler(ByteBufAllocator alloc, boolean startTls) {
        return with(context -> context.newHandler(alloc));
    }

    @Override
    protected SslHandler newHandler(ByteBufAllocator alloc, boolean startTls, Executor tasks) {
        return with(context -> context.newHandler(alloc, tasks));
    }

    @Override
    protected SslHandler newHandler(ByteBufAllocator alloc, String peerHost, int peerPort, boolean startTls) {
        return with(context -> context.newHandler(alloc, nameOf(peerHost), peerPort));
    }

    @Override
    protected SslHandler newHandler(
            ByteBufAllocator alloc, String peerHost, int peerPort, boolean startTls, Executor tasks) {
        return with(context -> context.newHandler(alloc, nameOf(peerHost), peerPort, tasks));
    }
}
