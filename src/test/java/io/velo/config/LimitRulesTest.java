package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitRulesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-keys        | 0               | must be 1 to 10000000",
                "redis.url       | http://a:1      | must be such as redis://host:6379 or rediss://host:6379/0, without user and password",
                "redis.timeout   | 2s              | must be 1ms to 1s",
                "rules[0].name   | A b             | must be lower-case letters, digits and dashes, beginning with a letter",
                "rules[0].key    | ip              | must be route, address, path, principal, api-key or header:NAME, or several of these with + between",
                "rules[0].requests    | -1         | must be at least 1, or 0 if there is lb.rate-limit.rules[0].concurrency",
                "rules[0].requests    | 5000000    | must be at most 1000 for each millisecond of lb.rate-limit.rules[0].period",
                "rules[0].period      | 0s         | must be 1ms to 24h",
                "rules[0].burst       | -1         | must be at least 0",
                "rules[0].concurrency | -1         | must be at least 0"
            })
    void nameAWrongValue(String key, String value, String rule) {
        assertThat(TestConfig.with("lb.rate-limit." + key, value).problems()).anySatisfy(problem -> {
            assertThat(problem.key()).isEqualTo("lb.rate-limit." + key);
            assertThat(problem.rule()).isEqualTo(rule);
        });
    }

    @Test
    void doNotShowAPassword() {
        assertThat(TestConfig.with("lb.rate-limit.redis.url", "redis://me:secret@a:1")
                        .problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString()).doesNotContain("secret"));
    }

    @Test
    void findTwoOfOneName() {
        String yaml = "lb.rate-limit.rules: [ { name: a, requests: 1 }, { name: a, requests: 2 } ]";

        assertThat(TestConfig.ofFile(yaml).problems())
                .extracting(ConfigProblem::key)
                .containsExactly("lb.rate-limit.rules[1].name");
    }

    @Test
    void takeVariables() {
        TestConfig config = new TestConfig()
                .variable("LB_RATELIMIT_RULES_0_NAME", "api")
                .variable("LB_RATELIMIT_RULES_0_REQUESTS", "10")
                .variable("LB_RATELIMIT_RULES_0_ROUTES_0", "shop");

        assertThat(config.problems()).isEmpty();
        assertThat(config.read().unknownVariables()).isEmpty();
        assertThat(LimitSettings.rules(config.read().global().rateLimit()))
                .singleElement()
                .satisfies(rule -> assertThat(rule.routes()).containsExactly("shop"));
    }
}
