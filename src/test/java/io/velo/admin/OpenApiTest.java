package io.velo.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;

class OpenApiTest {

    @Test
    void isTheSameInTheDocumentsAndAtTheEndpoint() throws IOException {
        Path documents = Path.of(System.getProperty("basedir", "."), "docs", "openapi.json");

        assertThat(Files.readString(documents))
                .isEqualTo(new ClassPathResource("velo-openapi.json").getContentAsString(StandardCharsets.UTF_8));
    }
}
