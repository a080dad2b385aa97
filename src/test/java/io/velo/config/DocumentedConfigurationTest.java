package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.ClassUtils;

/**
 * The tables of keys in {@code docs/configure.md} are made from the code: {@code ./mvnw test
 * -Dtest=DocumentedConfigurationTest -Dvelo.docs=write} writes them anew.
 */
class DocumentedConfigurationTest {

    private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "docs", "configure.md");
    private static final Pattern GENERIC = Pattern.compile("<.*");
    private static final Pattern TAG = Pattern.compile("\\{@\\w+ ([^}]*)}");
    private static final String AGAIN =
            "docs/configure.md, to be written anew by ./mvnw test -Dtest=DocumentedConfigurationTest -Dvelo.docs=write";

    private final List<Map<String, Object>> properties = ConfigTemplateTest.properties();

    @ParameterizedTest
    @CsvSource({"keys of pools,Pool|Affinity|Health", "keys of all,Lb|Client|Tls"})
    void hasEveryKeyAsTheCodeHasIt(String table, String sources) throws IOException {
        String begin = "<!-- " + table + " -->\n";
        String end = "<!-- end of the " + table + " -->\n";
        String page = Files.readString(PAGE);
        assertThat(page).contains(begin, end);
        String wanted = page.substring(0, page.indexOf(begin) + begin.length())
                + "| key | variable | default | kind | meaning |\n|---|---|---|---|---|\n"
                + rows("io\\.velo\\.config\\.(" + sources + ")Properties(\\$.*)?")
                + page.substring(page.indexOf(end));
        if (System.getProperty("velo.docs", "").equals("write")) {
            Files.writeString(PAGE, wanted);
        }

        assertThat(Files.readString(PAGE)).as(AGAIN).isEqualTo(wanted);
    }

    @Test
    void hasEveryKeyOfABackend() throws IOException {
        String page = Files.readString(PAGE);
        for (RecordComponent each : BackendProperties.class.getRecordComponents()) {
            String value = each.getAccessor().getName().equals("url") ? "" : defaultOf(each.getName());

            assertThat(page)
                    .as(AGAIN)
                    .contains("| `" + kebab(each.getName()) + "` | " + (value.isEmpty() ? "–" : "`" + value + "`")
                            + " |");
        }
    }

    private static String defaultOf(String component) {
        return Arrays.stream(BackendProperties.class.getDeclaredConstructors()[0].getParameters())
                .filter(parameter -> parameter.getName().equals(component))
                .map(parameter -> parameter.getAnnotation(DefaultValue.class).value()[0])
                .findFirst()
                .orElseThrow();
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private String rows(String sources) {
        return properties.stream()
                .filter(property -> ((String) property.get("sourceType")).matches(sources))
                .map(DocumentedConfigurationTest::row)
                .collect(Collectors.joining());
    }

    private static String row(Map<String, Object> property) {
        String key = (String) property.get("name");
        String meaning = TAG.matcher((String) property.get("description")).replaceAll("$1");
        return "| `" + key + "` | `" + ConfigProblem.variable(key) + "` | " + valueOf(property.get("defaultValue"))
                + " | " + kindOf((String) property.get("type")) + " | " + meaning.replace("|", "\\|") + " |\n";
    }

    private static String valueOf(Object value) {
        String text = value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : value == null ? "" : String.valueOf(value);
        return text.isEmpty() ? "–" : "`" + text + "`";
    }

    private static String kindOf(String type) {
        return switch (GENERIC.matcher(type).replaceFirst("")) {
            case "java.time.Duration" -> "duration";
            case "org.springframework.util.unit.DataSize" -> "size";
            case "java.lang.Boolean" -> "`true`, `false`";
            case "java.lang.Integer" -> "whole number";
            case "java.lang.Double" -> "number";
            case "java.lang.String" -> "text";
            case "java.util.List", "java.util.Set" -> "list";
            case "java.util.Map" -> "pools by name";
            default -> constantsOf(type);
        };
    }

    private static String constantsOf(String type) {
        Object[] constants = ClassUtils.resolveClassName(type, null).getEnumConstants();
        return Arrays.stream(constants)
                .map(each -> "`" + ((Enum<?>) each).name().toLowerCase(Locale.ROOT) + "`")
                .collect(Collectors.joining(", "));
    }
}
