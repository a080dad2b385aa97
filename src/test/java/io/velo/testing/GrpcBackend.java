package io.velo.testing;

import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A gRPC server on a free port that knows the methods of {@link Call} in every service. Messages are plain bytes. */
public final class GrpcBackend implements AutoCloseable {

    /** What is behind the answer of {@link Call#FAIL}. */
    public static final Metadata.Key<String> TRAILER = Metadata.Key.of("x-trailer", Metadata.ASCII_STRING_MARSHALLER);

    /** What a flood ends at, if nobody holds it up. */
    public static final long FLOOD = 256L << 20;

    private static final int PART = 64 << 10;

    private final String name;
    private final Server server;
    private final HealthStatusManager health = new HealthStatusManager();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger hanging = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicLong flooded = new AtomicLong();

    /** What a method does. */
    public enum Call {
        /** Answers with the name of the backend. */
        SAY(MethodType.UNARY),
        /** Fails with the code that the message has, and a trailer. */
        FAIL(MethodType.UNARY),
        /** Answers nothing at all. */
        HANG(MethodType.UNARY),
        /** Answers with its name, and goes on for ever. */
        BEGIN(MethodType.SERVER_STREAMING),
        /** Sends as much as is taken. */
        FLOOD(MethodType.SERVER_STREAMING),
        /** Sends back what comes. */
        ECHO(MethodType.BIDI_STREAMING);

        private final MethodType type;

        Call(MethodType type) {
            this.type = type;
        }

        /** The method of that kind of a service. */
        public MethodDescriptor<byte[], byte[]> of(String service) {
            return MethodDescriptor.newBuilder(Bytes.BOTH_WAYS, Bytes.BOTH_WAYS)
                    .setType(type)
                    .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name()))
                    .build();
        }
    }

    public GrpcBackend(String name) {
        this(name, NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0)));
    }

    private GrpcBackend(String name, NettyServerBuilder builder) {
        this.name = name;
        try {
            server = builder.addService(health.getHealthService())
                    .fallbackHandlerRegistry(new Methods())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "h2c://127.0.0.1:" + server.getPort();
    }

    public String name() {
        return name;
    }

    /** What it tells of the health of its services. */
    public HealthStatusManager health() {
        return health;
    }

    /** Calls of {@link Call#SAY}. */
    public int calls() {
        return calls.get();
    }

    /** Calls that hang. */
    public int hanging() {
        return hanging.get();
    }

    /** Calls that hung and were cancelled. */
    public int cancelled() {
        return cancelled.get();
    }

    /** Bytes of floods. */
    public long flooded() {
        return flooded.get();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private byte[] ownName() {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private void say(byte[] request, StreamObserver<byte[]> answer) {
        calls.incrementAndGet();
        answer.onNext(ownName());
        answer.onCompleted();
    }

    private static void fail(byte[] request, StreamObserver<byte[]> answer) {
        Metadata trailers = new Metadata();
        trailers.put(TRAILER, "behind");
        int code = Integer.parseInt(new String(request, StandardCharsets.UTF_8));
        answer.onError(Status.fromCodeValue(code).withDescription("on purpose").asRuntimeException(trailers));
    }

    private void hang(byte[] request, StreamObserver<byte[]> answer) {
        ((ServerCallStreamObserver<byte[]>) answer).setOnCancelHandler(cancelled::incrementAndGet);
        hanging.incrementAndGet();
    }

    private void begin(byte[] request, StreamObserver<byte[]> answer) {
        answer.onNext(ownName());
        hang(request, answer);
    }

    private void flood(byte[] request, StreamObserver<byte[]> answer) {
        ServerCallStreamObserver<byte[]> to = (ServerCallStreamObserver<byte[]>) answer;
        to.setOnReadyHandler(() -> {
            while (to.isReady() && flooded.get() < FLOOD) {
                flooded.addAndGet(PART);
                to.onNext(new byte[PART]);
            }
        });
        to.setOnCancelHandler(cancelled::incrementAndGet);
    }

    private static StreamObserver<byte[]> echo(StreamObserver<byte[]> answer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(byte[] message) {
                answer.onNext(message);
            }

            @Override
            public void onError(Throwable failure) {
                // the caller has left
            }

            @Override
            public void onCompleted() {
                answer.onCompleted();
            }
        };
    }

    private final class Methods extends HandlerRegistry {

        @Override
        public ServerMethodDefinition<?, ?> lookupMethod(String method, String authority) {
            Call call = Call.valueOf(method.substring(method.indexOf('/') + 1));
            return ServerMethodDefinition.create(
                    call.of(MethodDescriptor.extractFullServiceName(method)), handlerOf(call));
        }

        private ServerCallHandler<byte[], byte[]> handlerOf(Call call) {
            return switch (call) {
                case SAY -> ServerCalls.asyncUnaryCall(GrpcBackend.this::say);
                case FAIL -> ServerCalls.asyncUnaryCall(GrpcBackend::fail);
                case HANG -> ServerCalls.asyncUnaryCall(GrpcBackend.this::hang);
                case BEGIN -> ServerCalls.asyncServerStreamingCall(GrpcBackend.this::begin);
                case FLOOD -> ServerCalls.asyncServerStreamingCall(GrpcBackend.this::flood);
                case ECHO -> ServerCalls.asyncBidiStreamingCall(GrpcBackend::echo);
            };
        }
    }

    private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
        BOTH_WAYS;

        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream message) {
            try {
                return message.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
