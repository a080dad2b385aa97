package io.velo.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Velo's flags, those of the first Velo among them. What they don't name is left to Spring, so {@code --key=value} sets any
 * property.
 */
public final class CommandLine {

    private static final String USAGE = """
            velo, an HTTP load balancer

              java -jar velo.jar [flags] [--key=value ...]

              --config FILE       read FILE, too; YAML or properties
              --generate-config   print a complete file with comments
              --check-config      say what is wrong with the configuration; exit 0 if nothing is
              --against URL       with --check-config: say what it would change in the Velo whose management is at URL
              --version           print the version
              --help              print this
              --key=value         set a property, such as --lb.strategy=leastconnection or --server.port=8090

              java -jar velo.jar demo-backend PORT [--delay 50ms] [--fail-rate 0.1] [--name b1]

            Each key lb.x.y-z is also the variable LB_X_YZ.
            """;

    /** A key and perhaps its value, a word and its value, or one of Spring Boot's own two flags. */
    private static final Pattern FOR_SPRING =
            Pattern.compile("--(\\w[^=.]*\\.[^=]+(=.*)?|\\w[^=.]*=.*|debug|trace)", Pattern.DOTALL);

    /** Boot tells the format by the end of the name; what has another is YAML. */
    private static final Pattern HAS_KNOWN_END = Pattern.compile("\\.(ya?ml|properties|xml)$");

    private final List<String> springArguments = new ArrayList<>();
    private final List<String> files = new ArrayList<>();
    private final PrintStream out;
    private final PrintStream err;
    private OptionalInt exitCode = OptionalInt.empty();
    private boolean check;
    private String against = "";

    CommandLine(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Reads the arguments, and does what they ask if that is not to start Velo. */
    public static CommandLine of(String... arguments) {
        return new CommandLine(System.out, System.err).read(List.of(arguments));
    }

    /** With what to exit instead of starting; empty to start. */
    public OptionalInt exitCode() {
        return exitCode;
    }

    /** What is left for Spring. */
    public String[] springArguments() {
        List<String> all = new ArrayList<>(springArguments);
        if (!files.isEmpty()) {
            all.add("--spring.config.additional-location=" + String.join(",", files));
        }
        return all.toArray(String[]::new);
    }

    CommandLine read(List<String> arguments) {
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext() && exitCode.isEmpty()) {
            String argument = rest.next();
            String flag = argument.matches("--?[a-z].*") ? argument.replaceFirst("^--?", "") : "";
            if (flag.equals("config")) {
                useFile(rest.hasNext() ? rest.next() : "");
            } else if (flag.startsWith("config=")) {
                useFile(flag.substring("config=".length()));
            } else if (flag.equals("against")) {
                useRunning(rest.hasNext() ? rest.next() : "");
            } else if (flag.startsWith("against=")) {
                useRunning(flag.substring("against=".length()));
            } else {
                readOne(flag, argument);
            }
        }
        if (exitCode.isEmpty()) {
            checkIfAsked();
        }
        return this;
    }

    private void checkIfAsked() {
        if (check) {
            exitCode = OptionalInt.of(new ConfigCheck(out, err).run(against, springArguments()));
        } else if (!against.isEmpty()) {
            fail("velo: --against goes with --check-config");
        }
    }

    private void useRunning(String url) {
        if (url.matches("https?://[^/?#]+(/[^?#]*)?")) {
            against = url.replaceFirst("/+$", "");
        } else {
            fail("velo: --against needs a URL such as http://localhost:9090");
        }
    }

    private void readOne(String flag, String argument) {
        switch (flag) {
            case "generate-config" -> print(resource("velo-template.yaml"));
            case "check-config" -> check = true;
            case "help", "h" -> print(USAGE);
            case "version" -> print("velo " + version() + "\n");
            default -> passOn(argument);
        }
    }

    private void passOn(String argument) {
        if (FOR_SPRING.matcher(argument).matches()) {
            springArguments.add(argument);
        } else {
            fail("velo: '" + argument + "' is no flag; --help lists them");
        }
    }

    private void useFile(String file) {
        if (file.isEmpty()) {
            fail("velo: --config needs a file");
        } else if (!Files.isReadable(Path.of(file)) || Files.isDirectory(Path.of(file))) {
            fail("velo: the file " + file + " of --config cannot be read");
        } else {
            files.add(Path.of(file).toUri() + (HAS_KNOWN_END.matcher(file).find() ? "" : "[.yaml]"));
        }
    }

    private void print(String text) {
        out.print(text);
        exitCode = OptionalInt.of(0);
    }

    private void fail(String text) {
        err.println(text);
        exitCode = OptionalInt.of(1);
    }

    private static String version() {
        return resource("META-INF/build-info.properties")
                .lines()
                .filter(line -> line.startsWith("build.version="))
                .map(line -> line.substring("build.version=".length()))
                .findFirst()
                .orElse("development");
    }

    private static String resource(String name) {
        try (InputStream in = CommandLine.class.getClassLoader().getResourceAsStream(name)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
