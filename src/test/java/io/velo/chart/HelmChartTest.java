package io.velo.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code helm/velo}, rendered by Helm itself and read as strictly as an API server reads it. */
class HelmChartTest {

    private static final VeloChart CHART = new VeloChart();

    // Held, because a logger that nobody holds forgets its level.
    private static final Logger REQUEST_LOG = Logger.getLogger(MockWebServer.class.getName());

    private static final KubernetesMockServer SERVER = new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), new KubernetesCrudDispatcher(), false);

    private static KubernetesClient kubernetes;

    @BeforeAll
    static void start() {
        REQUEST_LOG.setLevel(Level.WARNING);
        SERVER.init();
        kubernetes = SERVER.createClient();
    }

    @AfterAll
    static void stop() {
        kubernetes.close();
        SERVER.destroy();
    }

    @BeforeEach
    void emptyTheCluster() {
        SERVER.reset();
    }

    @Test
    void passesAStrictLint() {
        var result = CHART.lint();

        assertThat(result.getMessages()).noneMatch(line -> line.matches("(?s).*\\[(WARNING|ERROR)].*"));
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    static Stream<Named<String>> valueSets() {
        return Stream.of(
                named("defaults", ""),
                named("one replica", "replicas: 1"),
                named("three replicas", "replicas: 3"),
                named("another image", """
                        image: {repository: "registry.example.org:5000/edge/velo", tag: 1.2.3-rc.1, pullPolicy: Always}
                        imagePullSecrets: [{name: registry}]
                        """),
                named("configuration and environment", """
                        config: {lb: {strategy: p2c, backends: [{url: "http://a:8080", weight: 2}]}}
                        env: {LB_STRATEGY: random}
                        envFrom: [{secretRef: {name: admin}}, {configMapRef: {name: more}, prefix: LB_}]
                        """),
                named("the first Velo's file", "config: {lb: null, backends: {urls: ['http://a:8080']}}"),
                named("certificates", """
                        volumes: [{name: tls, secret: {secretName: velo-tls}}]
                        volumeMounts: [{name: tls, mountPath: /etc/velo-tls, readOnly: true}]
                        """),
                named("chosen nodes", """
                        nodeSelector: {pool: edge}
                        tolerations: [{key: edge, operator: Exists, effect: NoSchedule}]
                        affinity:
                          nodeAffinity:
                            requiredDuringSchedulingIgnoredDuringExecution:
                              nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In, values: [a, b]}]}]
                        topologySpreadConstraints: [{topologyKey: zone, maxSkew: 2, whenUnsatisfiable: DoNotSchedule}]
                        priorityClassName: system-cluster-critical
                        """),
                named("a public Service", """
                        service:
                          type: LoadBalancer
                          port: 8080
                          externalTrafficPolicy: Local
                          annotations: {a: b}
                        """),
                named("names and labels", """
                        fullnameOverride: gate
                        serviceAccount: {name: gate, annotations: {role: gate}}
                        podAnnotations: {prometheus.io/scrape: "true"}
                        podLabels: {team: edge}
                        """),
                named("as little as possible", """
                        {resources: null, preStopSeconds: 0, restartOnConfigChange: never, topologySpreadConstraints: []}
                        """),
                named("TLS for clients that show who they are", "tls: {secret: velo-tls, clientAuth: need}"),
                named("administration with a token", "admin: {tokenSecret: operators}"),
                named("an Ingress", """
                        ingress:
                          hosts: [shop.example.org, "*.example.net"]
                          className: public
                          tlsSecret: shop
                          annotations: {cert-manager.io/cluster-issuer: main}
                        """),
                named("a route of a Gateway", """
                        httpRoute:
                          parentRefs: [{name: public, namespace: gateways, sectionName: https}]
                          hostnames: [shop.example.org]
                        """),
                named("as many as needed", """
                        autoscaling: {enabled: true, minReplicas: 3, maxReplicas: 30, cpu: 60, inFlight: 400}
                        """),
                named("one on each node", """
                        {kind: DaemonSet, ports: {host: 80}, tolerations: [{operator: Exists}]}
                        """),
                named("closed to others", """
                        networkPolicy:
                          enabled: true
                          from: [{namespaceSelector: {matchLabels: {team: web}}}, {ipBlock: {cidr: 10.0.0.0/8}}]
                          managementFrom: [{namespaceSelector: {matchLabels: {name: monitoring}}}]
                        """),
                named("watched", """
                        monitoring:
                          serviceMonitor: true
                          interval: 5s
                          prometheusRule: true
                          runbookUrl: https://example.org/runbook
                          labels: {release: prometheus}
                          dashboard: true
                          dashboardLabels: {grafana_dashboard: "1", folder: edge}
                        """),
                named("everything at once", """
                        replicas: 4
                        tls: {secret: velo-tls, clientAuth: want}
                        admin: {tokenSecret: operators}
                        service: {type: LoadBalancer, port: 443}
                        ingress: {hosts: [shop.example.org]}
                        httpRoute: {parentRefs: [{name: public}]}
                        autoscaling: {enabled: true}
                        networkPolicy: {enabled: true}
                        monitoring: {serviceMonitor: true, prometheusRule: true, dashboard: true}
                        """),
                named("part of another chart", "global: {from: above}"));
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void rendersOnlyWhatAnApiServerTakes(String values) {
        List<HasMetadata> rendered = new ArrayList<>(CHART.render(values));
        rendered.add(CHART.testPod(values));

        assertThat(rendered).hasSizeGreaterThanOrEqualTo(6).allSatisfy(document -> {
            kubernetes.resource(document).create();
            HasMetadata stored = kubernetes.resource(document).get();
            assertThat(stored.getMetadata().getNamespace()).isEqualTo(VeloChart.NAMESPACE);
            assertThat(stored.getMetadata().getLabels())
                    .containsEntry("app.kubernetes.io/instance", VeloChart.RELEASE)
                    .containsEntry("app.kubernetes.io/managed-by", "Helm");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "replica: 3                          | 'replica'",
                "image: {tags: x}                    | 'tags'",
                "service: {prot: 80}                 | 'prot'",
                "replicas: three                     | /replicas",
                "replicas: -1                        | /replicas",
                "replicas: null                      | 'replicas'",
                "service: {port: -80}                | /service/port",
                "ports: {http: 65536}                | /ports/http",
                "service: {type: Ingress}            | /service/type",
                "image: {pullPolicy: Sometimes}      | /image/pullPolicy",
                "image: {tag: 'a b'}                 | /image/tag",
                "config: [lb]                        | /config",
                "env: {LB_BACKENDS: [a, b]}          | /env/LB_BACKENDS",
                "env: {'lb strategy': x}             | lb strategy",
                "podLabels: {team: 1}                | /podLabels/team",
                "restartOnConfigChange: 'yes'        | /restartOnConfigChange",
                "podDisruptionBudget: {maxUnavailable: most} | /podDisruptionBudget/maxUnavailable",
                "preStopSeconds: -1                  | /preStopSeconds",
                "drainSeconds: 30s                   | /drainSeconds",
                "terminationGracePeriodSeconds: 60   | 'terminationGracePeriodSeconds'",
                "kind: StatefulSet                   | /kind",
                "restartOnConfigChange: true         | /restartOnConfigChange",
                "tls: {clientAuth: maybe}            | /tls/clientAuth",
                "tls: {secret: Velo_TLS}             | /tls/secret",
                "ingress: {hosts: ['https://a.b']}   | /ingress/hosts/0",
                "httpRoute: {parentRefs: [{}]}       | /httpRoute/parentRefs/0",
                "autoscaling: {cpu: 70%}             | /autoscaling/cpu",
                "autoscaling: {maxReplicas: 0}       | /autoscaling/maxReplicas",
                "networkPolicy: {from: [{}]}         | /networkPolicy/from/0",
                "networkPolicy: {from: [{pods: {}}]} | 'pods'",
                "monitoring: {interval: 15}          | /monitoring/interval",
                "monitoring: {runbookUrl: wiki}      | /monitoring/runbookUrl",
                "monitoring: {labels: {release: 1}}  | /monitoring/labels/release",
                "tls: {clientAuth: need}             | tls.clientAuth is need but there is no tls.secret",
                "ingress: {tlsSecret: a}             | ingress.tlsSecret needs ingress.hosts",
                "ports: {host: 80}                   | ports.host needs kind DaemonSet",
                "{kind: DaemonSet, autoscaling: {enabled: true}} | autoscaling.enabled: a DaemonSet",
                "autoscaling: {enabled: true, minReplicas: 11} | autoscaling.minReplicas (11) must not be above",
                "autoscaling: {enabled: true, cpu: 0} | autoscaling needs autoscaling.cpu or autoscaling.inFlight",
                "{autoscaling: {enabled: true}, resources: null} | autoscaling.cpu is a share of resources.requests.cpu",
                "ports: {http: 9090}                 | ports.http and ports.management must differ",
                "env: {LB_PORT: 80}                  | env.LB_PORT: set ports.http instead",
                "env: {MANAGEMENT_SERVER_PORT: 80}   | env.MANAGEMENT_SERVER_PORT: set ports.management instead",
                "env: {LB_ADMIN_TOKEN: secret}       | env.LB_ADMIN_TOKEN: set admin.tokenSecret instead",
            })
    void refusesAWrongValueByItsName(String values, String name) {
        assertThatThrownBy(() -> CHART.template(values)).hasMessageContaining(name);
    }

    @Test
    void refusesAClusterThatCannotSleepBeforeItStopsAPod() {
        assertThatThrownBy(() -> CHART.templateForKubernetes("1.29.0")).hasMessageContaining("kubeVersion: >=1.30.0-0");
        assertThat(CHART.templateForKubernetes("1.30.0-eks-1")).contains("sleep:");
    }
}
