package io.velo.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Velo may do at the API server: nothing, or read endpoints where it is told to. */
class HelmChartDiscoveryTest {

    private static final VeloChart CHART = new VeloChart();
    private static final String ENABLED = "discovery: {kubernetes: {enabled: true, namespaces: [prod, staging]}}";

    @Test
    void mayNothingAndHoldsNoTokenUnlessItIsTold() {
        PodSpec pod = CHART.pod("").getSpec();

        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(CHART.all(Role.class, "")).isEmpty();
        assertThat(CHART.all(RoleBinding.class, "")).isEmpty();
    }

    @Test
    void mayReadEndpointsInTheNamespacesThatAreNamedAndNothingElse() {
        assertThat(CHART.pod(ENABLED).getSpec().getAutomountServiceAccountToken())
                .isTrue();
        assertThat(CHART.all(Role.class, ENABLED))
                .extracting(role -> role.getMetadata().getNamespace())
                .containsExactly("prod", "staging");
        assertThat(CHART.all(Role.class, ENABLED)).allSatisfy(role -> assertThat(role.getRules())
                .containsExactly(new PolicyRuleBuilder()
                        .withApiGroups("discovery.k8s.io")
                        .withResources("endpointslices")
                        .withVerbs("get", "list", "watch")
                        .build()));
    }

    @Test
    void isBoundToTheAccountOfThePods() {
        String account = CHART.pod(ENABLED).getSpec().getServiceAccountName();

        assertThat(CHART.all(RoleBinding.class, ENABLED)).hasSize(2).allSatisfy(binding -> {
            assertThat(binding.getRoleRef().getKind()).isEqualTo("Role");
            assertThat(binding.getRoleRef().getName())
                    .isEqualTo(binding.getMetadata().getName())
                    .isEqualTo(VeloChart.FULL_NAME + "-endpoints");
            assertThat(binding.getSubjects())
                    .extracting(Subject::getKind, Subject::getName, Subject::getNamespace)
                    .containsExactly(tuple("ServiceAccount", account, VeloChart.NAMESPACE));
        });
    }

    @Test
    void isTheReleasesNamespaceIfNoneIsNamed() {
        assertThat(CHART.only(Role.class, "discovery: {kubernetes: {enabled: true}}"))
                .extracting(HasMetadata::getMetadata)
                .extracting("namespace")
                .isEqualTo(VeloChart.NAMESPACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "discovery: {kubernetes: {enabled: \"yes\"}}",
                "discovery: {kubernetes: {enabled: true, namespaces: [Prod]}}",
                "discovery: {kubernetes: {enabled: true, namespaces: prod}}",
                "discovery: {dns: true}"
            })
    void refusesWhatMakesNoSense(String values) {
        assertThatThrownBy(() -> CHART.template(values)).hasMessageContaining("discovery");
    }
}
