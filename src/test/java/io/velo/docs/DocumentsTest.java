package io.velo.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.docs.Document.Block;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentsTest {

    static List<Document> pages() {
        return Stream.concat(
                        Document.all().stream(),
                        Stream.of(Document.at("bench/README.md"), Document.at("helm/velo/README.md")))
                .toList();
    }

    static List<Block> java() {
        return Document.all().stream()
                .flatMap(page -> page.blocks("java").stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void leadNowhereInVain(Document page) {
        for (String link : page.links()) {
            String[] parts = link.split("#", 2);
            Path target = parts[0].isEmpty()
                    ? page.file()
                    : page.file().resolveSibling(parts[0]).normalize();

            assertThat(target).as("%s links to %s", page, link).exists();
            if (parts.length == 2 && Files.isRegularFile(target)) {
                Document other = Document.at(Document.root()
                        .toAbsolutePath()
                        .relativize(target.toAbsolutePath())
                        .toString());
                assertThat(other.anchors()).as("%s links to %s", page, link).contains(parts[1]);
            }
        }
    }

    @Test
    void areAllInTheIndex() {
        assertThat(Document.at("docs/README.md").links())
                .containsAll(Document.all().stream()
                        .map(page -> page.file().getFileName().toString())
                        .filter(name -> !name.equals("README.md"))
                        .toList());
    }

    /** Java in a page is that of a file which is compiled and run by a test, without its package and imports. */
    @ParameterizedTest
    @MethodSource("java")
    void haveTheirJavaFromFiles(Block block) {
        assertThat(block.mark())
                .as("%s: the comment before it names the file", block)
                .endsWith(".java");
        String source = Document.read(Document.root().resolve(block.mark()));

        assertThat(block.text())
                .as("%s", block)
                .isEqualTo(source.replaceAll("(?m)^(package|import) .*\n", "").strip() + "\n");
    }
}
