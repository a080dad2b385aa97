package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.Fuzz;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.ConfigurableEnvironment;

/** Values of the configuration, as bad as can be: each is taken or told of, and none ends in a stack trace. */
class ConfigFuzzTest {

    private static final int INPUTS = 60;
    private static final List<String> VALUES =
            List.of("5s", "0.5", "64KB", "http://a:1", "10.0.0.0/8", "2xx,404", "header:X", "roundrobin", "true", "");
    private static final List<String> WORDS = List.of(
            "-", "0", "9999999999999", "::", "${x}", "#{1}", "%", " ", "[", "]", ":", "/", "\u00e9", "{", ",", "*");
    private static final List<String> KEYS = List.of(
            "lb.strategy",
            "lb.backends",
            "lb.health.expect",
            "lb.health.interval",
            "lb.health.path",
            "lb.circuit.statuses",
            "lb.retry.replay-limit",
            "lb.forwarded.trusted",
            "lb.hash.key",
            "lb.rate-limit.rules[0].key",
            "lb.rate-limit.rules[0].period",
            "lb.rate-limit.redis.url",
            "lb.client.max-body",
            "lb.client.paths",
            "lb.admin.backends",
            "lb.route-terms[0].max-body",
            "lb.overload.max-lag",
            "lb.discovery.nameservers",
            "lb.auth.rules[0].paths",
            "lb.auth.rules[0].hosts",
            "lb.auth.rules[0].allow-addresses",
            "lb.auth.rules[0].claims",
            "lb.auth.forward.url",
            "lb.auth.jwt.issuer",
            "lb.auth.oidc.issuer",
            "lb.auth.headers.claims",
            "lb.canary.percent",
            "lb.canary.key",
            "lb.affinity.name",
            "lb.mirror.percent",
            "lb.timeouts.connect",
            "lb.zone");

    private static final List<String> FILES = List.of(
            "lb:\n  backends: http://a:1, http://b:2\n  strategy: p2c\n  health: { path: /h, interval: 5s, expect: 2xx }\n",
            "lb.pools:\n  a: { backends: [ { url: 'http://a:1', weight: 2 } ], retry: { attempts: 2 } }\n  b.backends: http://b:1\n",
            "lb.auth:\n  rules: [ { paths: [ /a/** ], any-of: [ api-key ] } ]\n  api-keys.keys: [ { id: a, hash: "
                    + "0".repeat(64) + " } ]\n",
            "lb.rate-limit.rules: [ { name: all, key: address, requests: 50, burst: 200 } ]\nlb.backends: http://a:1\n",
            "lb.route-terms: [ { id: a, max-body: 1GB } ]\nserver.port: 8080\n");
    private static final List<String> WORDS_OF_FILES = List.of(
            ":",
            ": ",
            "\n",
            "\n  ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "&a ",
            "*a",
            "!!",
            "|",
            "#",
            "'",
            "\"",
            "${",
            "${lb.strategy}",
            "null",
            "~",
            "[0]",
            "-1",
            "1e9",
            "lb.",
            "pools",
            "\t",
            "---\n",
            "%",
            "\u00e9",
            "0x1f",
            "yes");

    @Test
    void valuesAreTakenOrToldOf() {
        Fuzz.of("config-value", VALUES, WORDS, INPUTS).texts(text -> {
            String key = KEYS.get(Fuzz.randomOf(Fuzz.bytes(text)).nextInt(KEYS.size()));
            String value = text.replaceAll("[\\x00-\\x1f\\x7f]", "");

            assertTakenOrToldOf(new TestConfig().flag("--" + key + "=" + value), key + "=" + value);
        });
    }

    @Test
    void filesAreTakenOrToldOf() {
        Fuzz.of("config-file", FILES, WORDS_OF_FILES, INPUTS / 3).texts(text -> {
            TestConfig config;
            try {
                config = TestConfig.ofFile(text);
            } catch (RuntimeException notYaml) {
                return; // the command line tells what the parser says
            }
            assertTakenOrToldOf(config, text);
        });
    }

    private static void assertTakenOrToldOf(TestConfig config, String what) {
        ConfigurableEnvironment environment = config.environment();
        ConfigReader.Attempt attempt = new ConfigReader(environment).attempt();

        assertThat(attempt.problems()).as(what).allSatisfy(problem -> assertThat(problem.rule())
                .isNotBlank());
        if (attempt.problems().isEmpty()) {
            attempt.config().pools().forEach((name, pool) -> assertThat(
                            Settings.pool(name, pool, List.of(), "").toString())
                    .isNotBlank());
            assertThat(AuthAssembly.settings(attempt.config().global().auth()).toString())
                    .isNotBlank();
        }
    }

    @Test
    void argumentsAreTakenOrToldOf() {
        List<String> corpus =
                List.of("--config=a.yaml", "-version", "--lb.strategy=x", "--help", "--against=http://a", "--debug");

        Fuzz.of("arguments", corpus, List.of("-", "--", "=", ".", " ", "config", "a", "\u00ff", "/", "http://"), INPUTS)
                .texts(text -> {
                    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
                    List<String> arguments = Arrays.stream(text.split("[ \\x00]", -1))
                            .filter(each -> !each.contains("check"))
                            .toList();

                    assertThat(new CommandLine(nowhere, nowhere)
                                    .read(arguments)
                                    .exitCode()
                                    .orElse(0))
                            .isBetween(0, 1);
                });
    }

    @Test
    void durationsAreThoseOfGoOrLeftAlone() {
        List<String> corpus = List.of("1m30s", "1.5s", "300ms", "0.5h");

        Fuzz.of("go-duration", corpus, List.of("9", "999999999", ".", "h", "ms", "us", "ns", "-", "0"), INPUTS * 10)
                .texts(text -> {
                    Object read = GoDuration.forSpring(text);
                    if (!read.equals(text)) {
                        assertThat(Duration.parse(read.toString())).as(text).isGreaterThanOrEqualTo(Duration.ZERO);
                    }
                });
    }
}
