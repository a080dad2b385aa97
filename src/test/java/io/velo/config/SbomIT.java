package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.velo.testing.JarProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** The bill of materials in the jar. */
class SbomIT {

    private static final String PLACE = "META-INF/sbom/application.cdx.json";

    /** Licences under which others' work may be part of Velo. Of a choice, one of these is enough. */
    private static final Set<String> FINE = Set.of(
            "Apache-2.0",
            "MIT",
            "MIT-0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "CC0-1.0",
            "EPL-2.0",
            "Bouncy Castle Licence");

    @Test
    void namesOnlyLicencesThatAreFine() throws IOException {
        assertThat(components()).hasSizeGreaterThan(100).allSatisfy(component -> assertThat(licences(component))
                .as("licences of %s:%s", component.get("group"), component.get("name"))
                .containsAnyElementsOf(FINE));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> components() throws IOException {
        try (JarFile jar = new JarFile(JarProcess.jar().toFile())) {
            JarEntry bill = jar.getJarEntry(PLACE);
            assumeThat(bill).as("a build with -Dcyclonedx.skip has none").isNotNull();
            InputStream in = jar.getInputStream(bill);
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return (List<Map<String, Object>>)
                    JsonParserFactory.getJsonParser().parseMap(text).get("components");
        }
    }

    @SuppressWarnings("unchecked")
    private static List<String> licences(Map<String, Object> component) {
        List<String> names = new ArrayList<>();
        for (Map<String, Object> each : (List<Map<String, Object>>) component.getOrDefault("licenses", List.of())) {
            Map<String, Object> licence = (Map<String, Object>) each.getOrDefault("license", Map.of());
            Stream.of(licence.get("id"), licence.get("name"), each.get("expression"))
                    .flatMap(name -> Optional.ofNullable(name).stream())
                    .map(String::valueOf)
                    .forEach(names::add);
        }
        return names;
    }
}
