package io.velo.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How requests get in: TLS, Ingress, Gateway API; and who may not: NetworkPolicy. */
class HelmChartTrafficTest {

    private static final VeloChart CHART = new VeloChart();

    @Test
    void hasNeitherIngressNorRouteNorPolicyUnlessItIsAskedFor() {
        assertThat(CHART.all(Ingress.class, "")).isEmpty();
        assertThat(CHART.all(HTTPRoute.class, "")).isEmpty();
        assertThat(CHART.all(NetworkPolicy.class, "")).isEmpty();
    }

    @Test
    void speaksTlsToClientsAndNotToProbes() {
        String values = "tls: {secret: certificates}";
        var container = CHART.container(values);

        assertThat(container.getArgs())
                .contains(
                        "--server.ssl.bundle=velo",
                        "--spring.ssl.bundle.pem.velo.keystore.certificate=/etc/velo-tls/tls.crt",
                        "--spring.ssl.bundle.pem.velo.keystore.private-key=/etc/velo-tls/tls.key",
                        "--spring.ssl.bundle.pem.velo.reload-on-update=true",
                        "--management.server.ssl.enabled=false")
                .noneMatch(argument -> argument.contains("truststore"));
        assertThat(container.getReadinessProbe().getHttpGet().getScheme()).isNull();
        assertThat(container.getVolumeMounts())
                .filteredOn(mount -> mount.getName().equals("tls"))
                .singleElement()
                .satisfies(mount -> {
                    assertThat(mount.getMountPath()).isEqualTo("/etc/velo-tls");
                    assertThat(mount.getReadOnly()).isTrue();
                });
        assertThat(CHART.pod(values).getSpec().getVolumes())
                .filteredOn(volume -> volume.getName().equals("tls"))
                .singleElement()
                .satisfies(volume -> {
                    assertThat(volume.getSecret().getSecretName()).isEqualTo("certificates");
                    assertThat(volume.getSecret().getDefaultMode()).isEqualTo(0440);
                });
        assertThat(CHART.named(Service.class, VeloChart.FULL_NAME, values)
                        .getSpec()
                        .getPorts())
                .extracting(ServicePort::getAppProtocol)
                .containsExactly("https");
    }

    @Test
    void looksAtCertificatesOfClientsIfItIsToldTo() {
        assertThat(CHART.container("tls: {secret: a, clientAuth: need}").getArgs())
                .contains(
                        "--server.ssl.client-auth=need",
                        "--spring.ssl.bundle.pem.velo.truststore.certificate=/etc/velo-tls/ca.crt");
    }

    @Test
    void getsEverythingForItsHostsThroughAnIngress() {
        Ingress ingress = CHART.only(
                Ingress.class, "ingress: {hosts: [a.example.org, b.example.org], className: public, tlsSecret: ab}");

        assertThat(ingress.getSpec().getIngressClassName()).isEqualTo("public");
        assertThat(ingress.getSpec().getTls()).singleElement().satisfies(tls -> {
            assertThat(tls.getSecretName()).isEqualTo("ab");
            assertThat(tls.getHosts()).containsExactly("a.example.org", "b.example.org");
        });
        assertThat(ingress.getSpec().getRules()).hasSize(2).allSatisfy(rule -> assertThat(
                        rule.getHttp().getPaths())
                .singleElement()
                .satisfies(path -> {
                    assertThat(path.getPath()).isEqualTo("/");
                    assertThat(path.getPathType()).isEqualTo("Prefix");
                    assertThat(path.getBackend().getService().getName()).isEqualTo(VeloChart.FULL_NAME);
                    assertThat(path.getBackend().getService().getPort().getName())
                            .isEqualTo("http");
                }));
    }

    @Test
    void getsEverythingThroughAGateway() {
        HTTPRoute route =
                CHART.only(HTTPRoute.class, "{httpRoute: {parentRefs: [{name: public}]}, service: {port: 8080}}");

        assertThat(route.getSpec().getParentRefs()).singleElement().satisfies(parent -> assertThat(parent.getName())
                .isEqualTo("public"));
        assertThat(route.getSpec().getHostnames()).isEmpty();
        assertThat(route.getSpec().getRules()).singleElement().satisfies(rule -> assertThat(rule.getBackendRefs())
                .extracting(backend -> backend.getName(), backend -> backend.getPort())
                .containsExactly(tuple(VeloChart.FULL_NAME, 8080)));
    }

    @Test
    void letsEveryoneSendRequestsAndTheTestAloneSeeTheManagement() {
        var policy = CHART.only(NetworkPolicy.class, "networkPolicy: {enabled: true}")
                .getSpec();
        Pod test = CHART.testPod("");

        assertThat(policy.getPolicyTypes()).containsExactly("Ingress");
        assertThat(CHART.pod("").getMetadata().getLabels())
                .containsAllEntriesOf(policy.getPodSelector().getMatchLabels());
        assertThat(from(policy.getIngress(), "http")).isEmpty();
        assertThat(from(policy.getIngress(), "management")).singleElement().satisfies(peer -> assertThat(
                        test.getMetadata().getLabels())
                .containsAllEntriesOf(peer.getPodSelector().getMatchLabels()));
    }

    @Test
    void letsInWhoIsNamed() {
        var ingress = CHART.only(NetworkPolicy.class, """
                networkPolicy:
                  enabled: true
                  from: [{ipBlock: {cidr: 10.0.0.0/8}}]
                  managementFrom: [{namespaceSelector: {matchLabels: {name: monitoring}}}]
                """).getSpec().getIngress();

        assertThat(from(ingress, "http")).hasSize(2).anyMatch(peer -> peer.getIpBlock() != null);
        assertThat(from(ingress, "management")).hasSize(2).anyMatch(peer -> peer.getNamespaceSelector() != null);
    }

    @Test
    void isTestedByAPodThatNoServiceFinds() {
        Pod test = CHART.testPod("image: {repository: example.org/velo, tag: '9'}");

        assertThat(CHART.all(Pod.class, "")).as("not part of what is installed").isEmpty();
        assertThat(CHART.file("templates/tests/ready.yaml")).contains("    " + VeloChart.HOOK + ": test\n");
        assertThat(test.getMetadata().getLabels().get("app.kubernetes.io/name"))
                .isNotEqualTo(CHART.pod("").getMetadata().getLabels().get("app.kubernetes.io/name"));
        assertThat(test.getSpec().getContainers()).singleElement().satisfies(container -> {
            assertThat(container.getImage()).isEqualTo("example.org/velo:9");
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
        });
    }

    private static List<NetworkPolicyPeer> from(List<NetworkPolicyIngressRule> rules, String port) {
        return rules.stream()
                .filter(rule -> rule.getPorts().get(0).getPort().getStrVal().equals(port))
                .findFirst()
                .orElseThrow()
                .getFrom();
    }
}
