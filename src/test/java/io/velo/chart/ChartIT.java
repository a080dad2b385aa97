package io.velo.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import io.velo.testing.JarProcess;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Velo, started as the container of the chart is started, with the files where Kubernetes would mount them. */
class ChartIT {

    private static final VeloChart CHART = new VeloChart();

    @TempDir
    private static Path mounts;

    private static RawBackend first;
    private static RawBackend second;
    private static Process velo;
    private static Path log;
    private static int traffic;
    private static int management;
    private static Container container;

    @BeforeAll
    static void start() throws Exception {
        first = RawBackend.saying("first");
        second = RawBackend.saying("second");
        traffic = freePort();
        management = freePort();
        container = CHART.container(values(first));
        swap("velo", "application.yaml", configOf(first));
        Path keys = keys("one");
        swap("velo-tls", "tls.crt", pem(keys, true), "tls.key", pem(keys, false));

        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-jar", JarProcess.jar().toString()));
        container.getArgs().forEach(argument -> command.add(argument.replace("/etc/", mounts + "/")));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        container.getEnv().forEach(variable -> builder.environment().put(variable.getName(), variable.getValue()));
        log = mounts.resolve("log");
        velo = builder.redirectOutput(log.toFile()).start();
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
            assertThat(velo.isAlive()).as(Files.readString(log)).isTrue();
            return passes(container.getReadinessProbe());
        });
    }

    @AfterAll
    static void stop() throws Exception {
        velo.destroy();
        assertThat(velo.waitFor(30, TimeUnit.SECONDS)).isTrue();
        first.close();
        second.close();
    }

    @Test
    void passesTheProbesOfTheChart() throws IOException {
        assertThat(passes(container.getStartupProbe())).isTrue();
        assertThat(passes(container.getLivenessProbe())).isTrue();
        assertThat(passes(container.getReadinessProbe())).isTrue();
    }

    @Test
    void isScrapedWhereTheServiceMonitorLooks() throws IOException {
        assertThat(RawClient.get(management, "/actuator/prometheus").body()).contains("lb_pool_eligible{");
    }

    @Test
    void takesTheConfigurationThatKubernetesSwapsIn() throws Exception {
        swap("velo", "application.yaml", configOf(second));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(overTls().body()).isEqualTo("second"));

        swap("velo", "application.yaml", configOf(first));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(overTls().body()).isEqualTo("first"));
    }

    @Test
    void takesTheCertificateThatKubernetesSwapsIn() throws Exception {
        Path keys = keys("two");
        swap("velo-tls", "tls.crt", pem(keys, true), "tls.key", pem(keys, false));

        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(overTls().certificate()).isEqualTo("CN=two"));
    }

    private static String values(RawBackend backend) {
        return "config:\n" + configOf(backend).indent(2) + """
                tls: {secret: velo-tls}
                ports: {http: %d, management: %d}
                """.formatted(traffic, management);
    }

    /** What stands in the ConfigMap. */
    private static String configOf(RawBackend backend) {
        String config = "lb: {backends: ['" + backend.url() + "'], health: {enabled: false}}";
        return CHART.all(ConfigMap.class, "config: {" + config + "}")
                .get(0)
                .getData()
                .get("application.yaml");
    }

    /** As a kubelet does: the files in a new directory, and a link to it that changes in one step. */
    private static void swap(String mount, String... filesAndTexts) throws IOException {
        Path directory = Files.createDirectories(mounts.resolve(mount));
        Path fresh = Files.createTempDirectory(directory, "..2026");
        for (int i = 0; i < filesAndTexts.length; i += 2) {
            Files.writeString(fresh.resolve(filesAndTexts[i]), filesAndTexts[i + 1]);
            Path link = directory.resolve(filesAndTexts[i]);
            if (!Files.isSymbolicLink(link)) {
                Files.createSymbolicLink(link, Path.of("..data", filesAndTexts[i]));
            }
        }
        Path link = Files.createSymbolicLink(directory.resolve("..data_tmp"), fresh.getFileName());
        Files.move(link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean passes(Probe probe) throws IOException {
        int port = container.getPorts().stream()
                .filter(each ->
                        each.getName().equals(probe.getHttpGet().getPort().getStrVal()))
                .findFirst()
                .orElseThrow()
                .getContainerPort();
        return RawClient.get(port, probe.getHttpGet().getPath()).status() == 200;
    }

    private record Seen(String certificate, String body) {}

    private static Seen overTls() throws Exception {
        AtomicReference<String> subject = new AtomicReference<>("");
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting(subject)}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", traffic)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: velo.test\r\nConnection: close\r\n\r\n".getBytes());
            String answer = new String(socket.getInputStream().readAllBytes());
            return new Seen(subject.get(), answer.substring(answer.indexOf("\r\n\r\n") + 4));
        }
    }

    private record Trusting(AtomicReference<String> subject) implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            subject.set(chain[0].getSubjectX500Principal().getName());
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static Path keys(String name) throws Exception {
        Path store = mounts.resolve(name + ".p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-alias",
                        "velo",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return store;
    }

    private static String pem(Path store, boolean certificate) throws Exception {
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        String kind = certificate ? "CERTIFICATE" : "PRIVATE KEY";
        byte[] bytes = certificate
                ? keys.getCertificate("velo").getEncoded()
                : keys.getKey("velo", "changeit".toCharArray()).getEncoded();
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END " + kind + "-----\n";
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
