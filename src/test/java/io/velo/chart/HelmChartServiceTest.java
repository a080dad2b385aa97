package io.velo.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands around the Pods: Service, disruption budget, account. */
class HelmChartServiceTest {

    private static final VeloChart CHART = new VeloChart();

    @ParameterizedTest
    @ValueSource(strings = {"", "kind: Deployment", "podLabels: {app.kubernetes.io/instance: other}"})
    void everySelectorFindsThePods(String values) {
        Map<String, String> service = CHART.named(Service.class, VeloChart.FULL_NAME, values)
                .getSpec()
                .getSelector();
        Map<String, String> management = CHART.named(Service.class, VeloChart.FULL_NAME + "-management", values)
                .getSpec()
                .getSelector();
        LabelSelector deployment =
                CHART.only(Deployment.class, values).getSpec().getSelector();
        LabelSelector budget =
                CHART.only(PodDisruptionBudget.class, values).getSpec().getSelector();

        // No version among them: during an upgrade the Service would lose the Pods of the old one.
        assertThat(service).containsOnlyKeys("app.kubernetes.io/name", "app.kubernetes.io/instance");
        assertThat(management).isEqualTo(service);
        assertThat(deployment.getMatchLabels()).isEqualTo(service);
        assertThat(budget.getMatchLabels()).isEqualTo(service);
        assertThat(CHART.pod(values).getMetadata().getLabels()).containsAllEntriesOf(service);
    }

    @Test
    void showsTheTrafficAndNotTheManagement() {
        var service = CHART.named(Service.class, VeloChart.FULL_NAME, "").getSpec();

        assertThat(service.getType()).isEqualTo("ClusterIP");
        assertThat(service.getPorts())
                .extracting(
                        ServicePort::getPort,
                        port -> port.getTargetPort().getStrVal(),
                        ServicePort::getName,
                        ServicePort::getAppProtocol)
                .containsExactly(tuple(80, "http", "http", "http"));
    }

    @Test
    void leadsToTheManagementOfEachPodAlsoOfThoseThatAreNotReady() {
        var service = CHART.named(Service.class, VeloChart.FULL_NAME + "-management", "ports: {management: 9999}")
                .getSpec();

        assertThat(service.getClusterIP()).isEqualTo("None");
        assertThat(service.getPublishNotReadyAddresses()).isTrue();
        assertThat(service.getPorts())
                .extracting(ServicePort::getPort, port -> port.getTargetPort().getStrVal())
                .containsExactly(tuple(9999, "management"));
    }

    @Test
    void isWhatACloudIsAskedFor() {
        String values =
                "service: {type: LoadBalancer, port: 443, externalTrafficPolicy: Local, annotations: {cloud/kind: nlb}}";

        Service service = CHART.named(Service.class, VeloChart.FULL_NAME, values);

        assertThat(service.getSpec().getType()).isEqualTo("LoadBalancer");
        assertThat(service.getSpec().getExternalTrafficPolicy()).isEqualTo("Local");
        assertThat(service.getMetadata().getAnnotations()).isEqualTo(Map.of("cloud/kind", "nlb"));
    }

    @Test
    void keepsTheNamesOfLongReleasesShortEnough() {
        String values = "fullnameOverride: " + "a".repeat(52);

        assertThat(CHART.all(Service.class, values))
                .extracting(service -> service.getMetadata().getName().length())
                .allMatch(length -> length <= 63);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "2, 1", "3, 1"})
    void hasADisruptionBudgetForMoreThanOneReplica(int replicas, int budgets) {
        assertThat(CHART.all(PodDisruptionBudget.class, "replicas: " + replicas))
                .hasSize(budgets)
                .allSatisfy(budget -> assertThat(
                                budget.getSpec().getMaxUnavailable().getValue())
                        .isEqualTo(1));
        assertThat(CHART.only(Deployment.class, "replicas: " + replicas)
                        .getSpec()
                        .getReplicas())
                .isEqualTo(replicas);
    }

    @Test
    void takesAShareForTheDisruptionBudget() {
        String share = "podDisruptionBudget: {maxUnavailable: 25%}";

        assertThat(CHART.only(PodDisruptionBudget.class, share)
                        .getSpec()
                        .getMaxUnavailable()
                        .getStrVal())
                .isEqualTo("25%");
    }

    @Test
    void usesItsOwnAccountWithoutAToken() {
        ServiceAccount account = CHART.only(ServiceAccount.class, "serviceAccount: {annotations: {role: gate}}");

        assertThat(account.getAutomountServiceAccountToken()).isFalse();
        assertThat(account.getMetadata().getAnnotations()).isEqualTo(Map.of("role", "gate"));
        assertThat(CHART.pod("").getSpec().getServiceAccountName())
                .isEqualTo(account.getMetadata().getName());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"serviceAccount: {create: false} | default", "serviceAccount: {create: false, name: gate} | gate"})
    void usesAnAccountThatExists(String values, String account) {
        assertThat(CHART.all(ServiceAccount.class, values)).isEmpty();
        assertThat(CHART.pod(values).getSpec().getServiceAccountName()).isEqualTo(account);
    }
}
