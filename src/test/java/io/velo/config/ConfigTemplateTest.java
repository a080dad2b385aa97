package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** The file that {@code --generate-config} prints says what the code does. */
class ConfigTemplateTest {

    /** Written once for all backends and pools, in the comments. */
    private static final Set<String> WITHOUT_A_LINE_OF_THEIR_OWN = Set.of("lb.pools");

    private final String template = resource("velo-template.yaml");

    /** With what is commented out, which is every # that no single blank follows. */
    private final String whole = template.replaceAll("(?m)^(\\s*)#(?! \\S|$)", "$1");

    @Test
    void isRight() {
        assertThat(TestConfig.ofFile(template).problems()).isEmpty();
    }

    @Test
    void isRightWithWhatIsCommentedOut() {
        TestConfig config = TestConfig.ofFile(whole);

        assertThat(config.problems()).isEmpty();
        assertThat(config.read().pools()).containsOnlyKeys("default", "api");
        assertThat(config.pool().backends())
                .last()
                .isEqualTo(new BackendProperties("http://localhost:8083", "b3", 2, "a", 200, 0, false));
        assertThat(config.environment().getProperty("management.server.port")).isEqualTo("9090");
        assertThat(config.environment().getProperty("logging.structured.format.console"))
                .isEqualTo("ecs");
    }

    @Test
    void hasTheDefaults() {
        PoolProperties read = TestConfig.ofFile(template).pool();
        PoolProperties defaults = new TestConfig().pool();

        assertThat(read).usingRecursiveComparison().ignoringFields("backends").isEqualTo(defaults);
        assertThat(TestConfig.ofFile(template).read().global())
                .isEqualTo(new TestConfig().read().global());
    }

    @Test
    void hasEveryKey() {
        Set<String> missing = new TreeSet<>();
        for (Map<String, Object> property : properties()) {
            String name = (String) property.get("name");
            if (!WITHOUT_A_LINE_OF_THEIR_OWN.contains(name)
                    && !TestConfig.ofFile(template).environment().containsProperty(name)
                    && !TestConfig.ofFile(template).environment().containsProperty(name + "[0]")) {
                missing.add(name);
            }
        }

        assertThat(missing).as("keys that the template lacks").isEmpty();
    }

    @Test
    void hasTheAddressAndThePortOfVelo() {
        assertThat(TestConfig.ofFile(template).environment().getProperty("server.port"))
                .isEqualTo(TestConfig.ofFile(resource("application.yaml"))
                        .environment()
                        .getProperty("server.port"));
    }

    @Test
    void fitsOnTheScreen() {
        assertThat(template.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
    }

    @Test
    void metadataDescribesEveryKey() {
        assertThat(properties()).hasSizeGreaterThan(30).allSatisfy(property -> assertThat(
                        (String) property.get("description"))
                .as("description of %s", property.get("name"))
                .isNotBlank());
    }

    /** What the metadata says of each key of Velo's. */
    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> properties() {
        Map<String, Object> metadata =
                JsonParserFactory.getJsonParser().parseMap(resource("META-INF/spring-configuration-metadata.json"));
        return ((List<Map<String, Object>>) metadata.get("properties"))
                .stream()
                        .filter(property -> ((String) property.get("name")).startsWith("lb."))
                        .toList();
    }

    /** Of Velo itself: its libraries have a metadata file of the same name. */
    private static String resource(String name) {
        String place = CommandLine.class.getResource("CommandLine.class").toString();
        String root = place.substring(0, place.indexOf("io/velo/config/"));
        try (InputStream in = URI.create(root + name).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
