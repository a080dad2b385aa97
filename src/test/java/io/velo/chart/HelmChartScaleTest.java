package io.velo.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many Pods there are: as many as are wanted, as many as are needed, or one on each node. */
class HelmChartScaleTest {

    private static final VeloChart CHART = new VeloChart();

    @Test
    void followsTheLoad() {
        String values = "autoscaling: {enabled: true, minReplicas: 3, maxReplicas: 9, cpu: 60, inFlight: 400}";
        var scaler = CHART.only(HorizontalPodAutoscaler.class, values).getSpec();
        Deployment deployment = CHART.only(Deployment.class, values);

        assertThat(scaler.getScaleTargetRef().getKind()).isEqualTo("Deployment");
        assertThat(scaler.getScaleTargetRef().getName())
                .isEqualTo(deployment.getMetadata().getName());
        assertThat(scaler.getMinReplicas()).isEqualTo(3);
        assertThat(scaler.getMaxReplicas()).isEqualTo(9);
        assertThat(scaler.getMetrics()).extracting(MetricSpec::getType).containsExactly("Resource", "Pods");
        assertThat(scaler.getMetrics().get(0).getResource().getTarget().getAverageUtilization())
                .isEqualTo(60);
        assertThat(scaler.getMetrics().get(1).getPods().getTarget().getAverageValue())
                .isEqualTo(new Quantity("400"));
    }

    @Test
    void leavesTheNumberOfPodsToTheAutoscaler() {
        assertThat(CHART.only(Deployment.class, "autoscaling: {enabled: true}")
                        .getSpec()
                        .getReplicas())
                .isNull();
        assertThat(CHART.all(HorizontalPodAutoscaler.class, "replicas: 7")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1"})
    void hasADisruptionBudgetIfThereAreAlwaysMoreThanOne(int least, int budgets) {
        String values = "{replicas: 9, autoscaling: {enabled: true, minReplicas: " + least + "}}";

        assertThat(CHART.all(PodDisruptionBudget.class, values)).hasSize(budgets);
    }

    @Test
    void runsOnEachNode() {
        DaemonSet daemons = CHART.only(DaemonSet.class, "{kind: DaemonSet, ports: {host: 443}}");
        var update = daemons.getSpec().getUpdateStrategy().getRollingUpdate();
        PodSpec pod = daemons.getSpec().getTemplate().getSpec();

        assertThat(CHART.all(Deployment.class, "kind: DaemonSet")).isEmpty();
        assertThat(CHART.all(PodDisruptionBudget.class, "kind: DaemonSet")).isEmpty();
        assertThat(pod.getContainers().get(0).getPorts())
                .filteredOn(port -> port.getName().equals("http"))
                .singleElement()
                .satisfies(port -> assertThat(port.getHostPort()).isEqualTo(443));
        assertThat(pod.getTopologySpreadConstraints()).isEmpty();
        assertThat(update.getMaxSurge().getValue())
                .as("two cannot share a port")
                .isEqualTo(0);
        assertThat(update.getMaxUnavailable().getValue()).isEqualTo(1);
    }

    @Test
    void overlapsOnEachNodeWhileNothingIsInTheWay() {
        var update = CHART.only(DaemonSet.class, "kind: DaemonSet")
                .getSpec()
                .getUpdateStrategy()
                .getRollingUpdate();

        assertThat(update.getMaxSurge().getValue()).isEqualTo(1);
        assertThat(update.getMaxUnavailable().getValue()).isEqualTo(0);
    }
}
