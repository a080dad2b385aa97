package io.velo.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link HelmChartTest} relies on: without it a misspelt field would pass for a setting. */
class StrictManifestsTest {

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: velo, labels: {app: velo}}
            spec:
              replicas: 2
              template:
                spec:
                  containers:
                    - name: velo
                      env: [{name: LB_PORT, value: "8090"}]
                      resources: {limits: {cpu: 2, memory: 512Mi}}
                      livenessProbe: {httpGet: {path: /, port: http}}
                      lifecycle: {preStop: {sleep: {seconds: 5}}}
            """;

    @Test
    void readsWhatIsRight() {
        assertThat(StrictManifests.read(DEPLOYMENT)).singleElement().isInstanceOfSatisfying(Deployment.class, read -> {
            assertThat(read.getSpec().getReplicas()).isEqualTo(2);
            assertThat(read.getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .get(0)
                            .getEnv()
                            .get(0)
                            .getValue())
                    .isEqualTo("8090");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "spec:         | specs:               | specs",
                "{name: velo,  | {label: x,           | label",
                "replicas: 2   | replica: 2           | replica",
                "livenessProbe | livnessProbe         | livnessProbe",
                "path: /       | pth: /               | pth",
                "seconds: 5    | second: 5            | second",
            })
    void refusesAFieldThatTheKindDoesNotHave(String right, String wrong, String name) {
        String manifest = DEPLOYMENT.replaceFirst(Pattern.quote(right), wrong);

        assertThatThrownBy(() -> StrictManifests.read(manifest))
                .hasMessageContaining("Unrecognized field \"" + name + "\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "value: \"8090\" | value: 8090   | Cannot coerce Integer value (8090) to `java.lang.String`",
                "{app: velo}   | {app: on}     | Cannot coerce Boolean value (true) to `java.lang.String`",
                "{app: velo}   | {app: 1.0}    | Cannot coerce Float value (1.0) to `java.lang.String`",
                "replicas: 2   | replicas: '2' | Cannot coerce String value (\"2\") to `java.lang.Integer`",
                "seconds: 5    | seconds: five | Cannot coerce String value (\"five\") to `java.lang.Long`",
                "{name: velo,  | {name: velo, name: velo, | duplicate key name",
                "Deployment    | Daemon        | kind apps/v1/Daemon is none of",
            })
    void refusesAValueOfAnotherType(String right, String wrong, String message) {
        String manifest = DEPLOYMENT.replaceFirst(Pattern.quote(right), wrong);

        assertThatThrownBy(() -> StrictManifests.read(manifest)).hasMessageContaining(message);
    }
}
