package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.velo.testing.Fuzz;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values of the configuration, as bad as can be: each is taken or told of, and none ends in a stack trace. */
class ConfigFuzzTest {

    private static final int INPUTS = 80;
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
            "lb.discovery.nameservers");

    @Test
    void isTakenOrToldOf() {
        List<String> values = Fuzz.texts(VALUES, WORDS, 1, INPUTS).toList();
        for (int i = 0; i < values.size(); i++) {
            String key = KEYS.get(i % KEYS.size());
            String value = values.get(i).replaceAll("[\\x00-\\x1f\\x7f]", "");

            assertThatCode(() -> assertThat(new TestConfig()
                                    .flag("--" + key + "=" + value)
                                    .problems())
                            .allSatisfy(problem -> assertThat(problem.rule()).isNotBlank()))
                    .as("%s=%s", key, value)
                    .doesNotThrowAnyException();
        }
    }
}
