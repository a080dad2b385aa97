package io.velo.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The packaged jar in a process of its own, with JVM options of its own. */
public final class JarProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(180);

    private final Process process;
    private final Path log;
    private final int port;

    private JarProcess(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /** Starts it and waits until it is ready. */
    public static JarProcess start(List<String> jvmOptions, String... properties) throws IOException {
        List<String> options = new ArrayList<>(jvmOptions);
        options.addAll(List.of("-jar", jar().toString()));
        return launch(options, properties);
    }

    /** Starts it with another jar beside it, whose beans join it. */
    public static JarProcess startWith(Path beans, String... properties) throws IOException {
        List<String> options = List.of(
                "-cp",
                jar().toString(),
                "-Dloader.path=" + beans,
                "-Dloader.main=io.velo.VeloApplication",
                "org.springframework.boot.loader.launch.PropertiesLauncher");
        return launch(options, properties);
    }

    private static JarProcess launch(List<String> options, String... properties) throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("--server.port=" + port);
        Arrays.stream(properties).map(property -> "--" + property).forEach(command::add);
        Path log = Files.createTempFile("velo", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        JarProcess started = new JarProcess(process, log, port);
        try {
            started.awaitReady();
        } catch (RuntimeException | AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
        return started;
    }

    private void awaitReady() {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            assertThat(process.isAlive()).as(log()).isTrue();
            return RawClient.get(port, "/readyz").status() == 200;
        });
    }

    /** The jar, looked for from the working directory upwards. */
    public static Path jar() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path jar = folder.resolve("target/velo.jar");
            if (Files.exists(jar)) {
                return jar;
            }
        }
        throw new IllegalStateException("target/velo.jar is not built");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The first 15 letters of the names of its threads; Linux has them. */
    public List<String> threads() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> tasks =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (Path task : tasks) {
                Path name = task.resolve("comm");
                try {
                    names.add(Files.readString(name).strip());
                } catch (IOException e) {
                    assertThat(name).as("ended meanwhile").doesNotExist();
                }
            }
        }
        return names;
    }

    /** Sends it a signal, {@code HUP} for instance, as an operator does. */
    public void signal(String name) throws IOException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .onExit()
                        .join()
                        .exitValue())
                .isZero();
    }

    /** What it has printed so far. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().join();
        Files.delete(log);
    }
}
