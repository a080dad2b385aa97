package io.velo.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Prometheus and Grafana are told. */
class HelmChartMonitoringTest {

    private static final VeloChart CHART = new VeloChart();
    private static final String ALL =
            "monitoring: {serviceMonitor: true, prometheusRule: true, dashboard: true, labels: {release: prometheus}}";

    @Test
    void needsNoOperatorUnlessItIsAskedTo() {
        assertThat(CHART.render(""))
                .extracting(HasMetadata::getKind)
                .doesNotContain("ServiceMonitor", "PrometheusRule")
                .containsOnlyOnce("ConfigMap");
    }

    @Test
    void isScrapedOnTheManagementPortOfEachPod() {
        ServiceMonitor monitor = CHART.only(ServiceMonitor.class, ALL);
        Service management = CHART.named(Service.class, VeloChart.FULL_NAME + "-management", ALL);

        assertThat(management.getMetadata().getLabels())
                .containsAllEntriesOf(monitor.getSpec().getSelector().getMatchLabels());
        assertThat(CHART.named(Service.class, VeloChart.FULL_NAME, ALL)
                        .getMetadata()
                        .getLabels())
                .doesNotContainKey("app.kubernetes.io/component");
        assertThat(monitor.getMetadata().getLabels()).containsEntry("release", "prometheus");
        assertThat(monitor.getSpec().getEndpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.getPort())
                    .isEqualTo(management.getSpec().getPorts().get(0).getName());
            assertThat(endpoint.getPath()).isEqualTo("/actuator/prometheus");
            assertThat(endpoint.getInterval()).isEqualTo("15s");
        });
    }

    @Test
    void asksForItsOwnSeriesInEveryRule() {
        List<Rule> rules = CHART.only(PrometheusRule.class, ALL)
                .getSpec()
                .getGroups()
                .get(0)
                .getRules();

        assertThat(rules).hasSize(count(CHART.file("files/alerts.yaml"), "(?m)^ +- (alert|record):"));
        assertThat(rules).allSatisfy(rule -> assertThat(rule.getExpr().getStrVal())
                .contains("job=\"edge-velo-management\",namespace=\"traffic\"")
                .doesNotContain("job=\"velo\""));
    }

    @Test
    void leadsFromEachAlertToItsPartOfTheRunbook() {
        String runbook = CHART.fileOfRepository("docs/runbook.md");
        List<Rule> rules = CHART.only(
                        PrometheusRule.class,
                        "monitoring: {prometheusRule: true, runbookUrl: 'https://wiki.test/velo'}")
                .getSpec()
                .getGroups()
                .get(0)
                .getRules();

        assertThat(rules)
                .filteredOn(rule -> rule.getAlert() != null)
                .isNotEmpty()
                .allSatisfy(alert -> {
                    assertThat(alert.getAnnotations())
                            .containsEntry(
                                    "runbook_url",
                                    "https://wiki.test/velo#" + alert.getAlert().toLowerCase())
                            .containsKey("summary");
                    assertThat(alert.getLabels().get("severity")).isIn("critical", "warning");
                    assertThat(runbook).contains("\n## " + alert.getAlert() + "\n");
                    assertThat(CHART.fileOfRepository("src/it/observe/alerts.test.yaml"))
                            .as("a test where it fires")
                            .containsPattern("- alertname: " + alert.getAlert() + "\\n");
                });
        assertThat(count(runbook, "(?m)^## Velo"))
                .as("parts of the runbook")
                .isEqualTo(count(CHART.file("files/alerts.yaml"), "(?m)^ +- alert:"));
    }

    @Test
    void handsTheBoardToGrafana() {
        ConfigMap board = CHART.named(ConfigMap.class, VeloChart.FULL_NAME + "-dashboard", ALL);
        String written = CHART.file("files/grafana.json");

        assertThat(board.getMetadata().getLabels()).containsEntry("grafana_dashboard", "1");
        assertThat(board.getData()).containsOnlyKeys("velo.json");
        assertThat(StrictManifests.yaml(board.getData().get("velo.json"))).isEqualTo(StrictManifests.yaml(written));
    }

    @Test
    void hasABoardWhosePanelsDoNotOverlapAndAskTheChosenSource() {
        List<?> panels =
                (List<?>) StrictManifests.yaml(CHART.file("files/grafana.json")).get("panels");

        assertThat(panels).extracting(panel -> ((Map<?, ?>) panel).get("id")).doesNotHaveDuplicates();
        assertThat(panels).extracting(HelmChartMonitoringTest::place).doesNotHaveDuplicates();
        assertThat(panels)
                .filteredOn(panel -> !"row".equals(((Map<?, ?>) panel).get("type")))
                .hasSizeGreaterThan(20)
                .allSatisfy(panel -> {
                    assertThat(((Map<?, ?>) panel).get("datasource"))
                            .isEqualTo(Map.of("type", "prometheus", "uid", "${datasource}"));
                    assertThat((String) ((Map<?, ?>) panel).get("description")).isNotBlank();
                });
    }

    private static List<Object> place(Object panel) {
        Map<?, ?> place = (Map<?, ?>) ((Map<?, ?>) panel).get("gridPos");
        return List.of(place.get("x"), place.get("y"));
    }

    private static int count(String text, String pattern) {
        return (int) Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .count();
    }
}
