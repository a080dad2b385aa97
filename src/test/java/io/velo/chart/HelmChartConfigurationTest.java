package io.velo.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@code config}, {@code env} and {@code envFrom} reach Velo. */
class HelmChartConfigurationTest {

    private static final VeloChart CHART = new VeloChart();

    @Test
    void arrivesAsItWasWritten() {
        String config = """
                lb:
                  strategy: leastconnection
                  backends: ["http://a:8080", {url: "http://b:8080", weight: 2, max-in-flight: 1000000}]
                  health: {enabled: false, path: "/health?a=b&c=<d>", interval: 5s, jitter: 0.1, expect: "200"}
                  pools: {api: {backends: ["http://c:8080"]}}
                spring.cloud.gateway.server.webflux.routes:
                  - {id: api, uri: "lb://api", predicates: ["Path=/api/{*rest}"]}
                banner: "{{ .Values.image }} #1\\n  on"
                """;

        ConfigMap map = CHART.only(ConfigMap.class, "config:\n" + config.indent(2));

        assertThat(map.getData()).containsOnlyKeys("application.yaml");
        assertThat(StrictManifests.yaml(map.getData().get("application.yaml"))).isEqualTo(StrictManifests.yaml(config));
    }

    @Test
    void isMountedAsADirectorySoThatUpdatesArrive() {
        Container container = CHART.container("");
        VolumeMount mount = container.getVolumeMounts().stream()
                .filter(one -> one.getMountPath().equals("/etc/velo"))
                .findFirst()
                .orElseThrow();

        assertThat(mount.getSubPath()).isNull();
        assertThat(container.getArgs()).contains("--config=/etc/velo/application.yaml");
        assertThat(CHART.pod("").getSpec().getVolumes())
                .filteredOn(volume -> volume.getName().equals(mount.getName()))
                .singleElement()
                .satisfies(volume -> assertThat(volume.getConfigMap().getName())
                        .isEqualTo(CHART.only(ConfigMap.class, "").getMetadata().getName()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lb: {strategy: leastconnection}",
                "lb: {backends: ['http://a:8080']}",
                "lb: {health: {interval: 9s}, circuit: {timeout: 1s}, slow-start: 1s, slowStart: 2s, drain-timeout: 3s}",
                "lb: {pools: {api: {backends: ['http://b:8080']}}}",
                "lb.health.interval: 9s",
                "'lb.backends[0]': http://a:8080",
                "spring.cloud.gateway.server.webflux.routes: [{id: a, uri: 'lb://a', predicates: ['Path=/a']}]",
                "spring: {cloud: {gateway: {server: {webflux: {routes: [{id: a}], default-filters: [StripPrefix=1]}}}}}",
            })
    void leavesThePodsWhatTheyTakeWhileTheyRun(String config) {
        assertThat(checksum("config: {" + config + "}")).hasSize(64).isEqualTo(checksum("replicas: 5"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lb: {client: {idle-timeout: 9s}}",
                "lb: {express: {enabled: false}}",
                "lb.express.enabled: false",
                "lb: {key-of-tomorrow: 1}",
                "logging: {level: {root: debug}}",
                "spring: {cloud: {gateway: {server: {webflux: {httpclient: {connect-timeout: 1}}}}}}",
                "server.http2.enabled: true",
            })
    void replacesThePodsForWhatTheyReadAtTheStart(String config) {
        assertThat(checksum("config: {" + config + "}")).hasSize(64).isNotEqualTo(checksum(""));
    }

    @Test
    void replacesThePodsAlwaysOrNever() {
        String change = "config: {lb: {strategy: random}}\nrestartOnConfigChange: ";

        assertThat(checksum(change + "always")).hasSize(64).isNotEqualTo(checksum("restartOnConfigChange: always"));
        assertThat(checksum(change + "never")).isNull();
    }

    @Test
    void takesTheTokenOfTheAdministratorFromASecret() {
        assertThat(CHART.container("").getEnv()).extracting(EnvVar::getName).doesNotContain("LB_ADMIN_TOKEN");
        assertThat(CHART.container("admin: {tokenSecret: operators}").getEnv())
                .filteredOn(variable -> variable.getName().equals("LB_ADMIN_TOKEN"))
                .singleElement()
                .satisfies(variable -> {
                    assertThat(variable.getValue()).isNull();
                    assertThat(variable.getValueFrom().getSecretKeyRef().getName())
                            .isEqualTo("operators");
                    assertThat(variable.getValueFrom().getSecretKeyRef().getKey())
                            .isEqualTo("token");
                });
    }

    @Test
    void takesEnvironmentVariablesOfEachType() {
        String values = """
                env:
                  LB_STRATEGY: p2c
                  LB_CONNECTIONS_QUEUE: 1000000
                  LB_HEALTH_JITTER: 0.5
                  LB_HEALTH_ENABLED: false
                  LB_BACKENDS: http://a:80,http://b:80
                  EMPTY: ""
                envFrom: [{secretRef: {name: admin}}]
                """;

        Container container = CHART.container(values);
        Map<String, String> env =
                container.getEnv().stream().collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));

        assertThat(env)
                .containsEntry("LB_STRATEGY", "p2c")
                .containsEntry("LB_CONNECTIONS_QUEUE", "1000000")
                .containsEntry("LB_HEALTH_JITTER", "0.5")
                .containsEntry("LB_HEALTH_ENABLED", "false")
                .containsEntry("LB_BACKENDS", "http://a:80,http://b:80")
                .containsEntry("EMPTY", "")
                .containsEntry("LB_PORT", "8090")
                .containsEntry("MANAGEMENT_SERVER_PORT", "9090");
        assertThat(container.getEnvFrom())
                .singleElement()
                .satisfies(source -> assertThat(source.getSecretRef().getName()).isEqualTo("admin"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                           | true",
                "env: {LB_STRATEGY: p2c}                      | true",
                "config: {lb: null}                           | true",
                "config: {lb: {backends: ['http://a:8080']}}  | false",
                "config: {lb: {pools: {api: {}}}}             | false",
                "config: {backends: {urls: [http://a:8080]}}  | false",
                "env: {LB_BACKENDS: http://a:8080}            | false",
                "envFrom: [{secretRef: {name: backends}}]     | false",
            })
    void isMissedInTheNotesWhileThereAreNoBackends(String values, boolean missed) {
        assertThat(CHART.notes(values).contains("no backends yet")).isEqualTo(missed);
    }

    private static String checksum(String values) {
        var annotations = CHART.pod(values).getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get("checksum/config");
    }
}
