package io.velo.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the manual. */
public final class Document {

    private static final Path ROOT = Path.of(System.getProperty("basedir", "."));
    private static final Pattern BLOCK =
            Pattern.compile("(?m)^(?:<!-- (.*) -->\n)?```(\\w*)\n((?s:.*?))^```$", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    private final Path file;
    private final String text;

    private Document(Path file) {
        this.file = file;
        this.text = read(file);
    }

    /** The page at this path from the root of the project. */
    static Document at(String path) {
        return new Document(ROOT.resolve(path).normalize());
    }

    /** README, and all pages in docs. */
    public static List<Document> all() {
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), files.sorted())
                    .filter(path -> path.toString().endsWith(".md"))
                    .map(path -> new Document(path.normalize()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path root() {
        return ROOT;
    }

    Path file() {
        return file;
    }

    /** Its blocks of this language. */
    public List<Block> blocks(String language) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            if (matcher.group(2).equals(language)) {
                String mark = matcher.group(1) == null ? "" : matcher.group(1);
                blocks.add(new Block(this, line(matcher.start(3)), mark, matcher.group(3)));
            }
        }
        return blocks;
    }

    private int line(int position) {
        return (int) text.substring(0, position).lines().count();
    }

    /** Where its links lead that stay in the project, as they are written. */
    List<String> links() {
        return LINK.matcher(text).results().map(found -> found.group(1)).toList();
    }

    /** The names of its headings as links have them. */
    List<String> anchors() {
        return HEADING.matcher(text)
                .results()
                .map(found -> found.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", ""))
                .map(heading -> heading.replace(' ', '-'))
                .toList();
    }

    @Override
    public String toString() {
        return ROOT.normalize()
                .toAbsolutePath()
                .relativize(file.toAbsolutePath())
                .toString();
    }

    /**
     * Lines between fences.
     *
     * @param line number of the first one
     * @param mark what the comment before it says, empty if there is none
     */
    public record Block(Document page, int line, String mark, String text) {
        @Override
        public String toString() {
            return page + ":" + line;
        }
    }
}
