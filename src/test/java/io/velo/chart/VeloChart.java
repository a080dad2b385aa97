package io.velo.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** The chart in {@code helm/velo}: of the directory that {@code velo.chart} names, or of the nearest one above. */
final class VeloChart {

    static final String RELEASE = "edge";
    static final String NAMESPACE = "traffic";
    static final String HOOK = "helm.sh/hook";
    static final String FULL_NAME = "edge-velo";

    private static final String OLDEST_KUBERNETES = "1.30.0";

    private final Path directory;

    VeloChart() {
        this(find());
    }

    private VeloChart(Path directory) {
        this.directory = directory;
    }

    LintResult lint() {
        return new Helm(directory).lint().strict().call();
    }

    /** The chart's documents with these values (YAML, may be empty) over its own; throws if Helm refuses them. */
    List<HasMetadata> render(String values) {
        return StrictManifests.read(template(values));
    }

    String template(String values) {
        return withFile(
                values, file -> command(OLDEST_KUBERNETES).withValuesFile(file).call());
    }

    /** What Helm tells the one who installs the chart with these values. */
    String notes(String values) {
        String output = install(values);
        return output.substring(output.indexOf("\nNOTES:\n"));
    }

    /** The Pod of {@code helm test}. Helm shows hooks to nobody who has no cluster, so this is of a copy without any. */
    Pod testPod(String values) {
        try {
            Path copy = Files.createTempDirectory("chart");
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path to = copy.resolve(directory.relativize(file).toString());
                    Files.createDirectories(to.getParent());
                    Files.writeString(to, Files.readString(file).replace("    " + HOOK + ":", "    was/hook:"));
                }
            }
            Pod pod = new VeloChart(copy).only(Pod.class, values);
            FileSystemUtils.deleteRecursively(copy);
            return pod;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String install(String values) {
        return withFile(values, file -> new Helm(directory)
                .install()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeVersion(OLDEST_KUBERNETES)
                .withValuesFile(file)
                .clientOnly()
                .dryRun()
                .debug()
                .call()
                .getOutput());
    }

    String templateForKubernetes(String version) {
        return command(version).call();
    }

    PodTemplateSpec pod(String values) {
        return only(Deployment.class, values).getSpec().getTemplate();
    }

    Container container(String values) {
        return pod(values).getSpec().getContainers().get(0);
    }

    /** The one document of this kind; throws if there is none or another. */
    <T> T only(Class<T> kind, String values) {
        List<T> found = all(kind, values);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " of " + kind.getSimpleName() + ", expected 1");
        }
        return found.get(0);
    }

    /** The document of this kind and name; throws if there is none. */
    <T extends HasMetadata> T named(Class<T> kind, String name, String values) {
        return all(kind, values).stream()
                .filter(each -> each.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + " " + name));
    }

    <T> List<T> all(Class<T> kind, String values) {
        return render(values).stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** A file of the repository, by its path from the top. */
    String fileOfRepository(String name) {
        return file("../../" + name);
    }

    String file(String name) {
        try {
            return Files.readString(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withFile(String values, Function<Path, String> use) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                return use.apply(Files.writeString(file, values));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TemplateCommand command(String kubernetes) {
        return new Helm(directory)
                .template()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeVersion(kubernetes);
    }

    private static Path find() {
        String named = System.getProperty("velo.chart");
        if (named != null) {
            return Path.of(named);
        }
        Path here = Path.of("").toAbsolutePath();
        return Stream.iterate(here, above -> above != null, Path::getParent)
                .map(above -> above.resolve("helm/velo"))
                .filter(chart -> Files.exists(chart.resolve("Chart.yaml")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no helm/velo in " + here + " or above"));
    }
}
