package io.velo.testing;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A gRPC client with one connection to this machine. */
public final class GrpcClient implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;

    private final ManagedChannel connection;

    public GrpcClient(int port) {
        connection = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .disableRetry()
                .build();
    }

    /** The end of a call. */
    public record End(Status status, Metadata trailers) {}

    /** Begins a call and sends one message, the only one if the method takes no more. */
    public Begun begin(GrpcBackend.Call call, String service, String message) {
        return begin(call, service, message, new Metadata());
    }

    /** The same with fields in the head. */
    public Begun begin(GrpcBackend.Call call, String service, String message, Metadata fields) {
        Begun begun =
                new Begun(ClientInterceptors.intercept(connection, MetadataUtils.newAttachHeadersInterceptor(fields))
                        .newCall(call.of(service), CallOptions.DEFAULT));
        begun.start(message, call == GrpcBackend.Call.ECHO);
        return begun;
    }

    /** The answer of a call with one message each way, later. */
    public CompletableFuture<String> ask(String service) {
        Begun begun = begin(GrpcBackend.Call.SAY, service, "");
        begun.take(2);
        return begun.end.thenApply(end ->
                end.status().isOk() ? begun.messages.remove() : end.status().toString());
    }

    @Override
    public void close() {
        connection.shutdownNow();
    }

    /** A call that has begun. */
    public static final class Begun extends ClientCall.Listener<byte[]> {

        private final ClientCall<byte[], byte[]> call;
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final CompletableFuture<End> end = new CompletableFuture<>();

        private Begun(ClientCall<byte[], byte[]> call) {
            this.call = call;
        }

        private void start(String message, boolean more) {
            call.start(this, new Metadata());
            send(message);
            if (!more) {
                call.halfClose();
            }
        }

        public void send(String message) {
            call.sendMessage(message.getBytes(StandardCharsets.UTF_8));
        }

        /** No more messages from here. */
        public Begun finish() {
            call.halfClose();
            return this;
        }

        /** Takes as many more messages. */
        public Begun take(int count) {
            call.request(count);
            return this;
        }

        /** The next message, waited for. */
        public String message() throws InterruptedException {
            call.request(1);
            return messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        /** Whether no message comes and the call doesn't end in that time. */
        public boolean quietFor(Duration time) throws InterruptedException {
            call.request(1);
            return messages.poll(time.toNanos(), TimeUnit.NANOSECONDS) == null && !end.isDone();
        }

        /** How it ended, waited for. */
        public End end() {
            call.request(1);
            return end.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        }

        /** The client leaves. */
        public void cancel() {
            call.cancel("the client leaves", null);
        }

        @Override
        public void onMessage(byte[] message) {
            messages.add(new String(message, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end.complete(new End(status, trailers));
        }
    }
}
