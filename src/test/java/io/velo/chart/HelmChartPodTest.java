package io.velo.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a Pod of the chart may do, how it is watched, how it stops and where it runs. */
class HelmChartPodTest {

    private static final VeloChart CHART = new VeloChart();

    @Test
    void runsTheVersionOfTheChartUnlessAnotherIsNamed() {
        Object version = StrictManifests.yaml(CHART.file("Chart.yaml")).get("appVersion");

        assertThat(CHART.container("").getImage()).isEqualTo("velo:" + version);
        assertThat(CHART.container("image: {repository: 'example.org:5000/lb', tag: '9'}")
                        .getImage())
                .isEqualTo("example.org:5000/lb:9");
    }

    @Test
    void hasNoRights() {
        var pod = CHART.pod("").getSpec();
        var container = CHART.container("").getSecurityContext();

        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10001);
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(container.getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getCapabilities().getAdd()).isEmpty();
    }

    @Test
    void canWriteToTmpOnly() {
        List<String> writable = CHART.container("").getVolumeMounts().stream()
                .filter(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                .map(VolumeMount::getMountPath)
                .toList();

        assertThat(writable).containsExactly("/tmp");
        assertThat(CHART.pod("").getSpec().getVolumes())
                .filteredOn(volume -> volume.getName().equals("tmp"))
                .singleElement()
                .satisfies(volume -> assertThat(volume.getEmptyDir()).isEqualTo(new EmptyDirVolumeSource()));
    }

    @Test
    void getsNoEnvironmentFromServicesBecauseOneMayBeCalledLb() {
        assertThat(CHART.pod("").getSpec().getEnableServiceLinks()).isFalse();
    }

    @Test
    void isProbedOnTheManagementPort() {
        var container = CHART.container("ports: {management: 9999}");

        assertThat(container.getPorts())
                .extracting(ContainerPort::getName, ContainerPort::getContainerPort)
                .containsExactlyInAnyOrder(tuple("http", 8090), tuple("management", 9999));
        assertProbe(container.getStartupProbe(), "/actuator/health/liveness");
        assertProbe(container.getLivenessProbe(), "/actuator/health/liveness");
        assertProbe(container.getReadinessProbe(), "/actuator/health/readiness");
    }

    @Test
    void servesOnWhileItIsTakenOutAndThenHasTimeToDrain() {
        String values = "{preStopSeconds: 7, drainSeconds: 45}";

        assertThat(CHART.container(values)
                        .getLifecycle()
                        .getPreStop()
                        .getSleep()
                        .getSeconds())
                .isEqualTo(7);
        assertThat(CHART.container(values).getArgs()).contains("--spring.lifecycle.timeout-per-shutdown-phase=45s");
        assertThat(CHART.pod(values).getSpec().getTerminationGracePeriodSeconds())
                .isEqualTo(7 + 45 + 10);
        assertThat(CHART.container("").getLifecycle().getPreStop().getSleep().getSeconds())
                .isPositive();
        assertThat(CHART.container("preStopSeconds: 0").getLifecycle()).isNull();
    }

    @Test
    void isReplacedOnlyWhenTheNextOneIsReady() {
        var strategy = CHART.only(Deployment.class, "").getSpec().getStrategy().getRollingUpdate();

        assertThat(strategy.getMaxUnavailable().getValue()).isEqualTo(0);
        assertThat(strategy.getMaxSurge().getValue()).isEqualTo(1);
    }

    @Test
    void asksForResourcesAndIsLimited() {
        var resources = CHART.container("resources: {limits: {memory: 1Gi}}").getResources();

        assertThat(resources.getRequests()).containsOnlyKeys("cpu", "memory");
        assertThat(resources.getLimits())
                .containsOnlyKeys("cpu", "memory")
                .containsEntry("memory", new Quantity("1", "Gi"));
    }

    @Test
    void isSpreadByItsOwnLabelsUnlessOthersAreNamed() {
        assertThat(CHART.pod("").getSpec().getTopologySpreadConstraints())
                .singleElement()
                .satisfies(spread -> {
                    assertThat(spread.getTopologyKey()).isEqualTo("kubernetes.io/hostname");
                    assertThat(CHART.pod("").getMetadata().getLabels())
                            .containsAllEntriesOf(spread.getLabelSelector().getMatchLabels());
                    assertThat(spread.getLabelSelector().getMatchLabels()).isNotEmpty();
                });
        assertThat(CHART.pod("topologySpreadConstraints: [{topologyKey: zone, maxSkew: 1, "
                                + "whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {tier: edge}}}]")
                        .getSpec()
                        .getTopologySpreadConstraints())
                .singleElement()
                .satisfies(spread ->
                        assertThat(spread.getLabelSelector().getMatchLabels()).isEqualTo(Map.of("tier", "edge")));
    }

    @Test
    void goesWhereItIsTold() {
        String values = """
                nodeSelector: {pool: edge}
                tolerations: [{key: edge, operator: Exists}]
                affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: []}}
                priorityClassName: high
                """;

        PodSpec pod = CHART.pod(values).getSpec();

        assertThat(pod.getNodeSelector()).isEqualTo(Map.of("pool", "edge"));
        assertThat(pod.getTolerations()).singleElement().satisfies(toleration -> assertThat(toleration.getKey())
                .isEqualTo("edge"));
        assertThat(pod.getAffinity().getPodAntiAffinity()).isNotNull();
        assertThat(pod.getPriorityClassName()).isEqualTo("high");
    }

    @Test
    void keepsItsOwnLabelsBesideThoseOfTheUser() {
        var labels = CHART.pod("podLabels: {team: edge, app.kubernetes.io/name: other}")
                .getMetadata()
                .getLabels();

        assertThat(labels).containsEntry("team", "edge").containsEntry("app.kubernetes.io/name", "velo");
    }

    private static void assertProbe(Probe probe, String path) {
        assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("management");
    }
}
