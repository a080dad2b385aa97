package io.velo.redis;

import io.velo.limit.Draw;
import io.velo.limit.Taken;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Takes a token from each of some buckets or from none, in one step and by the clock of Redis. A bucket is one number, the time
 * at which it will be full, in microseconds since 2026; a full one isn't there at all.
 */
final class BucketScript {

    /** Answers two numbers for each key: 1 if it had a token, and nanoseconds until it is full. */
    static final String TEXT = """
            local clock = redis.call('TIME')
            local now = (tonumber(clock[1]) - 1767225600) * 1000000 + tonumber(clock[2])
            local left, all, answer = {}, true, {}
            for i = 1, #KEYS do
              local interval, fill = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
              local full = tonumber(redis.call('GET', KEYS[i]) or now)
              left[i] = math.max(0, math.min(full - now, fill))
              local has = left[i] + interval <= fill + interval / 100 -- for what doubles lose
              answer[2 * i - 1] = has and 1 or 0
              all = all and has
            end
            for i = 1, #KEYS do
              if all then
                left[i] = left[i] + tonumber(ARGV[2 * i - 1])
                redis.call('SET', KEYS[i], string.format('%.17g', now + left[i]), 'PX', math.ceil(left[i] / 1000))
              end
              answer[2 * i] = math.floor(left[i] * 1000)
            end
            return answer
            """;

    /** By which Redis knows it once it has seen it. */
    static final String DIGEST = sha1(TEXT);

    private static final double NANOS_IN_MICRO = 1000;

    private BucketScript() {}

    private static String sha1(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-1", e);
        }
    }

    static String[] keys(String prefix, List<Draw> draws) {
        return draws.stream().map(draw -> prefix + draw.bucket()).toArray(String[]::new);
    }

    static String[] arguments(List<Draw> draws) {
        return draws.stream()
                .flatMap(draw -> List.of(
                        micros(draw.rate().intervalNanos()), micros(draw.rate().fillNanos()))
                        .stream())
                .toArray(String[]::new);
    }

    private static String micros(long nanos) {
        return Double.toString(nanos / NANOS_IN_MICRO);
    }

    /** Reads what the script has answered. */
    static List<Taken> read(List<Draw> draws, List<Long> answer) {
        List<Taken> taken = new ArrayList<>(draws.size());
        for (int i = 0; i < draws.size(); i++) {
            taken.add(Taken.of(
                    answer.get(2 * i) == 1, answer.get(2 * i + 1), draws.get(i).rate()));
        }
        return taken;
    }
}
