package io.velo.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.velo.limit.Draw;
import io.velo.limit.SharedBuckets;
import io.velo.limit.StoreGate;
import io.velo.limit.Taken;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Token buckets in Redis. A request waits for Redis no longer than its time limit, and not at all while Redis is known to be
 * away; the connection comes back by itself, as does the one that could not be made at the start.
 */
final class RedisBuckets implements SharedBuckets, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RedisBuckets.class);

    private static final long CONNECT_AGAIN_MILLIS = 500;

    private final RedisClient client;
    private final RedisURI uri;
    private final RedisSettings settings;
    private final StoreGate gate;
    private final StoreMeters meters;
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private volatile boolean running;

    RedisBuckets(RedisClient client, RedisURI uri, RedisSettings settings, StoreGate gate, StoreMeters meters) {
        this.client = client;
        this.uri = uri;
        this.settings = settings;
        this.gate = gate;
        this.meters = meters;
    }

    @Override
    public void start() {
        running = true;
        connect();
    }

    private void connect() {
        client.connectAsync(StringCodec.UTF8, uri).whenComplete((made, failure) -> {
            if (made != null) {
                connected(made);
            } else if (running) {
                client.getResources()
                        .eventExecutorGroup()
                        .schedule(this::connect, CONNECT_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            }
        });
    }

    private void connected(StatefulRedisConnection<String, String> made) {
        connection = made;
        if (!running) {
            made.closeAsync();
        }
    }

    @Override
    public void take(List<Draw> draws, Consumer<Optional<List<Taken>>> answer) {
        if (!gate.opens()) {
            meters.skipped();
            answer.accept(Optional.empty());
            return;
        }
        StatefulRedisConnection<String, String> to = connection;
        if (to == null || !to.isOpen()) {
            failed("no connection");
            answer.accept(Optional.empty());
            return;
        }
        ask(to.async(), draws)
                .toCompletableFuture()
                .orTimeout(settings.timeout().toNanos(), TimeUnit.NANOSECONDS)
                .handle((numbers, failure) -> told(draws, numbers, failure))
                .thenAccept(answer);
    }

    private CompletionStage<List<Long>> ask(RedisScriptingAsyncCommands<String, String> redis, List<Draw> draws) {
        String[] keys = BucketScript.keys(settings.prefix(), draws);
        String[] arguments = BucketScript.arguments(draws);
        CompletionStage<List<Long>> known = redis.evalsha(BucketScript.DIGEST, ScriptOutputType.MULTI, keys, arguments);
        return known.exceptionallyCompose(failure -> causeOf(failure) instanceof RedisNoScriptException
                ? redis.eval(BucketScript.TEXT, ScriptOutputType.MULTI, keys, arguments)
                : CompletableFuture.failedStage(failure));
    }

    private Optional<List<Taken>> told(List<Draw> draws, @Nullable List<Long> numbers, @Nullable Throwable failure) {
        if (numbers == null || failure != null) {
            failed(failure == null ? "no answer" : String.valueOf(causeOf(failure)));
            return Optional.empty();
        }
        meters.answered();
        if (gate.answered()) {
            log.info("rate limits are shared again");
        }
        return Optional.of(BucketScript.read(draws, numbers));
    }

    private void failed(String why) {
        meters.failed();
        if (gate.failed()) {
            log.atWarn().addKeyValue("reason", why).log("rate limits are not shared: Redis does not answer");
        }
    }

    private static Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    @Override
    public void stop() {
        running = false;
        StatefulRedisConnection<String, String> open = connection;
        connection = null;
        if (open != null) {
            open.closeAsync();
        }
        client.shutdownAsync();
        client.getResources().shutdown();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the server listens, and until it doesn't any more. */
    @Override
    public int getPhase() {
        return 0;
    }
}
