package io.velo.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Inputs that nobody has thought of, made of some that somebody has. The same ones in each build; with {@code
 * -Dvelo.fuzz.seconds=…} others for so many seconds, which {@code -Dvelo.fuzz.seed=…} brings back. An input at which a test
 * fails is told, as text for {@code printf %b}, and put into the folder {@code -Dvelo.fuzz.found=…}: in {@code
 * src/test/resources/fuzz} it is tried first from then on.
 */
public final class Fuzz {

    private static final int SECONDS = Integer.getInteger("velo.fuzz.seconds", 0);
    private static final String FOUND = System.getProperty("velo.fuzz.found", "");
    private static final long SEED =
            Long.getLong("velo.fuzz.seed", SECONDS == 0 ? 1 : System.nanoTime() & 0xffff_ffffL);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final String name;
    private final List<byte[]> corpus;
    private final List<byte[]> words;
    private final Random random;
    private final int fewest;

    private Fuzz(String name, List<byte[]> corpus, List<byte[]> words, int fewest) {
        this.name = name;
        this.corpus = corpus;
        this.words = words;
        this.random = new Random(SEED * 31 + name.hashCode());
        this.fewest = fewest;
    }

    /**
     * A test by inputs.
     *
     * @param name also that of the folder with those that it failed at once
     * @param words what makes a difference where it stands
     * @param count how many inputs a build takes
     */
    public static Fuzz of(String name, List<String> corpus, List<String> words, int count) {
        List<byte[]> known = new ArrayList<>(corpus.stream().map(Fuzz::bytes).toList());
        known.addAll(foundBefore(name));
        return new Fuzz(name, known, words.stream().map(Fuzz::bytes).toList(), count);
    }

    private static List<byte[]> foundBefore(String name) {
        URL folder = Fuzz.class.getResource("/fuzz/" + name);
        if (folder == null) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            return files.sorted().map(Fuzz::read).toList();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same as text, a character for each byte. */
    public void texts(Consumer<String> test) {
        bytes(input -> test.accept(text(input)));
    }

    /** Tries the corpus and then variations of it. */
    public void bytes(Consumer<byte[]> test) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int tried = 0;
        for (byte[] known : corpus) {
            attempt(known, ++tried, test);
        }
        while (SECONDS == 0 ? tried < corpus.size() + fewest : System.nanoTime() < end) {
            attempt(next(), ++tried, test);
        }
        if (SECONDS > 0) {
            System.out.println("fuzz: " + name + ": " + tried + " inputs, seed " + SEED);
        }
    }

    private void attempt(byte[] input, int number, Consumer<byte[]> test) {
        long start = System.nanoTime();
        try {
            test.accept(input);
        } catch (Exception | AssertionError | StackOverflowError | OutOfMemoryError failure) {
            throw new AssertionError(told(input, number), failure);
        }
        if (SECONDS > 0 && System.nanoTime() - start > LONGEST_NANOS) {
            throw new AssertionError("takes too long: " + told(input, number));
        }
    }

    private String told(byte[] input, int number) {
        String kept = SECONDS > 0 && !FOUND.isEmpty() ? ", kept as " + keep(input) : "";
        return "fuzz: %s: input %d of seed %d%s: '%s'".formatted(name, number, SEED, kept, escaped(input));
    }

    private Path keep(byte... input) {
        try {
            Path folder = Files.createDirectories(Path.of(FOUND, name));
            return Files.write(folder.resolve(Integer.toHexString(Arrays.hashCode(input))), input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escaped(byte... input) {
        StringBuilder text = new StringBuilder();
        for (byte each : input) {
            boolean plain = each >= ' ' && each <= '~' && each != '\\' && each != '\'';
            text.append(
                    plain ? String.valueOf((char) each) : "\\x" + HexFormat.of().toHexDigits(each));
        }
        return text.toString();
    }

    /** A number that depends on the input alone, for what a test does in one of several ways. */
    public static Random randomOf(byte... input) {
        return new Random(Arrays.hashCode(input));
    }

    /** The input in pieces, cut anywhere. */
    public static List<byte[]> pieces(byte... input) {
        Random cuts = randomOf(input);
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < input.length; ) {
            int end = Math.min(input.length, at + 1 + cuts.nextInt(12));
            pieces.add(Arrays.copyOfRange(input, at, end));
            at = end;
        }
        return pieces;
    }

    public static String text(byte... bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** A byte for each character. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] next() {
        byte[] input = one(corpus);
        int most = random.nextInt(16) == 0 ? 24 : 4;
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            input = changed(input);
        }
        return input;
    }

    private byte[] changed(byte... input) {
        int at = random.nextInt(input.length + 1);
        int end = Math.min(input.length, at + 1 + random.nextInt(8));
        byte[] head = Arrays.copyOf(input, at);
        byte[] rest = Arrays.copyOfRange(input, at, input.length);
        byte[] behind = Arrays.copyOfRange(input, end, input.length);
        return switch (random.nextInt(9)) {
            case 0 -> joined(head, one(words), rest);
            case 1 -> joined(head, one(words), behind);
            case 2 -> joined(head, behind);
            case 3 -> joined(head, Arrays.copyOfRange(input, at, end), rest);
            case 4 -> joined(head, new byte[] {(byte) random.nextInt(256)}, rest);
            case 5 -> joined(head, flipped(Arrays.copyOfRange(input, at, end)), behind);
            case 6 -> joined(head, repeated(one(words)), rest);
            case 7 -> joined(head, new byte[] {EDGES[random.nextInt(EDGES.length)]}, behind);
            default -> joined(head, tail(one(corpus)));
        };
    }

    private static final byte[] EDGES = {0, 1, -1, Byte.MIN_VALUE, Byte.MAX_VALUE, '9', '/', '%'};

    private byte[] flipped(byte... part) {
        if (part.length > 0) {
            part[random.nextInt(part.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return part;
    }

    /** Mostly few times, seldom very many. */
    private byte[] repeated(byte... part) {
        byte[][] all = new byte[1 + random.nextInt(1 << random.nextInt(8))][];
        Arrays.fill(all, part);
        return joined(all);
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
