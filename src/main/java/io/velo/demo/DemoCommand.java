package io.velo.demo;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.convert.DurationStyle;
import reactor.netty.ChannelBindException;

/** The command {@code demo-backend PORT [--delay 50ms] [--fail-rate 0.1] [--name b1]}: one backend, until it is stopped. */
public final class DemoCommand {

    /** The word on the command line. */
    public static final String NAME = "demo-backend";

    private static final String USAGE =
            "usage: java -jar velo.jar demo-backend PORT [--delay 50ms] [--fail-rate 0.1] [--name b1]";

    private static final Duration TO_STOP = Duration.ofSeconds(3);

    private DemoCommand() {}

    /** Runs until the process is ended; says what is wrong with the arguments and exits with 1 otherwise. */
    public static void run(List<String> arguments) {
        try {
            DemoBackend.Settings settings = settings(arguments);
            new DemoBackend(settings, () -> ThreadLocalRandom.current().nextDouble())
                    .server()
                    .bindUntilJavaShutdown(
                            TO_STOP, server -> System.out.println(settings.name() + " listens on " + server.port()));
        } catch (IllegalArgumentException | ChannelBindException e) {
            System.err.println(e.getMessage());
            System.err.println(USAGE);
            System.exit(1);
        }
    }

    static DemoBackend.Settings settings(List<String> arguments) {
        if (arguments.isEmpty() || !arguments.get(0).matches("\\d{1,5}")) {
            throw new IllegalArgumentException("the first argument must be a port");
        }
        int port = Integer.parseInt(arguments.get(0));
        if (port > 65535) {
            throw new IllegalArgumentException("the port is " + port + " but must be at most 65535");
        }
        DemoBackend.Settings settings = DemoBackend.Settings.of("0.0.0.0", port, "backend-" + port);
        Iterator<String> rest = arguments.subList(1, arguments.size()).iterator();
        while (rest.hasNext()) {
            settings = with(settings, rest.next(), rest);
        }
        return settings;
    }

    private static DemoBackend.Settings with(DemoBackend.Settings now, String flag, Iterator<String> rest) {
        int equals = flag.indexOf('=');
        if (equals < 0 && !rest.hasNext()) {
            throw new IllegalArgumentException(flag + " needs a value");
        }
        String name = equals < 0 ? flag : flag.substring(0, equals);
        String value = equals < 0 ? rest.next() : flag.substring(equals + 1);
        return switch (name) {
            case "--delay" ->
                new DemoBackend.Settings(now.host(), now.port(), now.name(), delay(value), now.failRate());
            case "--fail-rate" ->
                new DemoBackend.Settings(now.host(), now.port(), now.name(), now.delay(), rate(value));
            case "--name" -> new DemoBackend.Settings(now.host(), now.port(), value, now.delay(), now.failRate());
            default -> throw new IllegalArgumentException("there is no flag " + name);
        };
    }

    private static Duration delay(String value) {
        if (!value.matches("\\d+(ns|us|ms|s|m|h)?")) {
            throw new IllegalArgumentException("--delay is " + value + " but must be a duration such as 50ms");
        }
        return DurationStyle.detectAndParse(value);
    }

    private static double rate(String value) {
        if (!value.matches("0(\\.\\d+)?|1(\\.0+)?")) {
            throw new IllegalArgumentException("--fail-rate is " + value + " but must be 0 to 1");
        }
        return Double.parseDouble(value);
    }
}
