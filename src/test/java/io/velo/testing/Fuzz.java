package io.velo.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Inputs that nobody has thought of, made of some that somebody has: the same ones in each run. */
public final class Fuzz {

    private final List<byte[]> corpus;
    private final List<byte[]> words;
    private final Random random;

    private Fuzz(List<byte[]> corpus, List<byte[]> words, long seed) {
        this.corpus = corpus;
        this.words = words;
        this.random = new Random(seed);
    }

    /**
     * The inputs themselves and then variations of them.
     *
     * @param words what makes a difference where it stands
     */
    public static Stream<byte[]> bytes(List<String> corpus, List<String> words, long seed, int count) {
        List<byte[]> first = corpus.stream().map(Fuzz::bytes).toList();
        Fuzz fuzz = new Fuzz(first, words.stream().map(Fuzz::bytes).toList(), seed);
        return Stream.concat(first.stream(), IntStream.range(0, count).mapToObj(i -> fuzz.next()));
    }

    /** The same as text, a character for each byte. */
    public static Stream<String> texts(List<String> corpus, List<String> words, long seed, int count) {
        return bytes(corpus, words, seed, count).map(Fuzz::text);
    }

    public static String text(byte... bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] next() {
        byte[] input = one(corpus);
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            input = changed(input);
        }
        return input;
    }

    private byte[] changed(byte... input) {
        int at = random.nextInt(input.length + 1);
        int end = Math.min(input.length, at + 1 + random.nextInt(8));
        byte[] head = Arrays.copyOf(input, at);
        return switch (random.nextInt(6)) {
            case 0 -> joined(head, one(words), Arrays.copyOfRange(input, at, input.length));
            case 1 -> joined(head, one(words), Arrays.copyOfRange(input, end, input.length));
            case 2 -> joined(head, Arrays.copyOfRange(input, end, input.length));
            case 3 -> joined(head, Arrays.copyOfRange(input, at, end), Arrays.copyOfRange(input, at, input.length));
            case 4 ->
                joined(head, new byte[] {(byte) random.nextInt(256)}, Arrays.copyOfRange(input, at, input.length));
            default -> joined(head, tail(one(corpus)));
        };
    }

    private byte[] tail(byte... input) {
        return Arrays.copyOfRange(input, random.nextInt(input.length + 1), input.length);
    }

    private byte[] one(List<byte[]> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }
}
