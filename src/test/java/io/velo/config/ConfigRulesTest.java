package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigRulesTest {

    private static final String ROUTES = "spring.cloud.gateway.server.webflux.routes";

    @Nested
    class OneWrongValue {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "health.interval          | -1s       | must be at least 1ms and at most 24d",
                    "health.interval          | 2160000s  | must be at least 1ms and at most 24d",
                    "health.fast-interval     | 0s        | must be at least 1ms and at most 24d",
                    "health.timeout           | 0s        | must be above zero and at most {}health.interval, 5s",
                    "health.timeout           | 6s        | must be above zero and at most {}health.interval, 5s",
                    "health.timeout           | 5001ms    | must be above zero and at most {}health.interval, 5s",
                    "health.rise              | 0         | must be at least 1",
                    "health.fall              | 0         | must be at least 1",
                    "health.jitter            | 0.6       | must be 0 to 0.5",
                    "health.jitter            | -0.1      | must be 0 to 0.5",
                    "health.path              | health    | must begin with / and have no spaces",
                    "health.path              | /a b      | must begin with / and have no spaces",
                    "health.method            | G T       | must be an HTTP method",
                    "health.port              | 65536     | must be 0 to 65535",
                    "health.expect            | 2yy       | must be statuses such as 2xx, 204 or 200-299,404",
                    "circuit.failure-threshold| 0         | must be at least 1",
                    "circuit.timeout          | 0s        | must be at least 1ms and at most 24d",
                    "circuit.max-ejected      | 1.5       | must be 0 to 1",
                    "circuit.max-ejected      | NaN       | must be 0 to 1",
                    "circuit.trial-requests   | 0         | must be at least 1",
                    "circuit.window           | 0         | must be at least 1",
                    "circuit.failure-rate     | 2         | must be 0 to 1",
                    "circuit.slow-call        | 1s        | needs {}circuit.failure-rate, the share of slow requests that ejects",
                    "slow-start               | -1s       | must be at least 0s and at most 24d",
                    "panic-threshold          | 1.1       | must be 0 to 1",
                    "hash.key                 | ip        | must be client, uri, header:NAME, cookie:NAME or query:NAME",
                    "hash.key                 | 'header:' | must be client, uri, header:NAME, cookie:NAME or query:NAME",
                    "hash.key                 | 'uri:x'   | must be client, uri, header:NAME, cookie:NAME or query:NAME",
                    "hash.balance-factor      | 0.5       | must be 1 to 100, or 0 for no bound",
                    "hash.balance-factor      | 101.0     | must be 1 to 100, or 0 for no bound",
                    "zone-threshold           | 1.1       | must be 0 to 1",
                    "affinity.name            | a;b       | must be a cookie's name: letters, digits and !#$%&'*+-.^_`~",
                    "affinity.path            | shop      | must begin with / and have no spaces, commas and semicolons",
                    "affinity.path            | /a;b      | must begin with / and have no spaces, commas and semicolons",
                    "affinity.ttl             | 1500ms    | must be whole seconds, at least 0s",
                    "affinity.ttl             | -1s       | must be whole seconds, at least 0s",
                    "affinity.same-site       | none      | needs {}affinity.secure: always, or browsers don't take the cookie",
                    "priority-threshold       | -0.1      | must be 0 to 1",
                    "timeouts.connect         | 0s        | must be at least 1ms and at most 24d",
                    "timeouts.response        | 0s        | must be at least 1ms and at most 24d",
                    "timeouts.body-idle       | 0s        | must be at least 1ms and at most 24d",
                    "timeouts.request         | -1s       | must be at least 0s and at most 24d",
                    "connections.max-per-backend | 0      | must be at least 1",
                    "connections.idle         | 0s        | must be at least 1ms and at most 24d",
                    "connections.max-life     | 0s        | must be at least 1ms and at most 24d",
                    "connections.queue        | -1        | must be at least 0",
                    "connections.queue-timeout| 0s        | must be at least 1ms and at most 24d",
                    "connections.max-streams  | 0         | must be 1 to 10000",
                    "connections.window       | 1000B     | must be 64KB to 16MB",
                    "connections.ping         | -1s       | must be at least 0s and at most 24d",
                    "tls.alpn                 | h3        | must be h2, http/1.1, or both, each once",
                    "backends[0].url          | ftp://a:1 | must be http://host:port, or the same with https or h2c",
                    "backends[0].url          | a:8080    | must be http://host:port, or the same with https or h2c",
                    "backends[0].url          | http://a:1/x | must end after the port; a route's filters can add a path",
                    "backends[0].url          | http://a:1?x | must end after the port; a route's filters can add a path",
                    "backends[0].url          | http://u@a:1 | must end after the port; a route's filters can add a path",
                    "timeouts.attempt         | -1s  | must be at least 0s and at most 24d",
                    "timeouts.websocket-idle  | -1s  | must be at least 0s and at most 24d",
                    "retry.attempts           | 11   | must be 0 to 10",
                    "retry.budget             | 1.5  | must be 0 to 1",
                    "retry.min-retries        | -1   | must be 0 to 1000000",
                    "retry.max-backoff        | 10ms | must be at least {}retry.backoff, 25ms, and at most 60s",
                    "retry.max-backoff        | 61s  | must be at least {}retry.backoff, 25ms, and at most 60s",
                    "retry.replay-limit       | -1B  | must be 0B to 16MB",
                    "retry.hedge-delay        | -1s  | must be at least 0s and at most 24d",
                    "concurrency.min          | 0    | must be at least 1",
                    "concurrency.initial      | 1001 | must be from {}concurrency.min, 3, to {}concurrency.max, 1000",
                    "backends[0].url          | http://a:0   | has a port that is not 1 to 65535",
                    "backends[0].url          | http://a:65536 | has a port that is not 1 to 65535",
                    "backends[0].url          | http://a b   | is no URL: Illegal character in authority",
                    "backends[0].url          | dns://a      | must be dns://name:port",
                    "backends[0].url          | dns://a:1/x  | must be dns://name:port",
                    "backends[0].url          | dns+srv://_http._tcp.a:80 | must be dns+srv:// and the name of SRV records, such as dns+srv://_http._tcp.shop",
                    "backends[0].url          | discovery://a/b | must be discovery:// and the id of a service, such as discovery://shop"
                })
        void isNamedWithItsRule(String key, String value, String rule) {
            assertSingleProblem("lb." + key, value, rule.replace("{}", "lb."));
            assertSingleProblem("lb.pools.api." + key, value, rule.replace("{}", "lb.pools.api."));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "server.port            | 65536 | must be a port, 0 to 65535",
                    "server.port            | -1    | must be a port, 0 to 65535",
                    "server.port            | http  | must be a port, 0 to 65535",
                    "management.server.port | 70000 | must be a port, 0 to 65535, or -1 for none",
                    "server.address         | 1.2.3.4:5 | must be an IP address or the name of one",
                    "lb.metrics.path        | metrics | must be a path such as /metrics",
                    "lb.metrics.path        | /     | must be a path such as /metrics",
                    "lb.demo.backends       | -1    | must be 0 to 100",
                    "lb.demo.backends       | 101   | must be 0 to 100",
                    "lb.http3.port          | 65536 | must be a port, 0 to 65535",
                    "lb.http3.enabled       | true  | needs a certificate: server.ssl.bundle, or other keys of server.ssl",
                    "lb.forwarded.proxy-protocol[0] | here | must be an address or a CIDR network",
                    "lb.client.header-timeout | 0s  | must be at least 1ms and at most 24d",
                    "lb.client.body-timeout | 0s    | must be at least 1ms and at most 24d",
                    "lb.client.idle-timeout | 0s    | must be at least 1ms and at most 24d",
                    "lb.http2.max-concurrent-streams | 0 | must be 1 to 10000",
                    "lb.http2.initial-window-size | 1024B | must be 64KB to 16MB",
                    "lb.http2.max-resets   | 0      | must be 1 to 100000",
                    "lb.http2.frame-budget | 99     | must be 100 to 1000000",
                    "lb.forwarded.trusted[0]| 10.0.0.0/33 | must be an address or a CIDR network",
                    "lb.forwarded.trusted[0]| fd00::/129  | must be an address or a CIDR network",
                    "lb.forwarded.trusted[0]| proxy       | must be an address or a CIDR network",
                    "lb.access-log.file     | a%d   | must not have %, ( or ) in it",
                    "lb.access-log.max-file-size | 0B | must be above zero",
                    "lb.access-log.max-history | -1 | must be at least 0",
                    "lb.access-log.queue-size | 0   | must be 1 to 1048576",
                    "lb.discovery.timeout   | 0s    | must be at least 1ms and at most 24d",
                    "lb.discovery.min-refresh | 0s  | must be at least 1ms and at most 24d",
                    "lb.discovery.max-refresh | 999ms | must be at least lb.discovery.min-refresh, 1s",
                    "lb.discovery.nameservers[0] | dns.test | must be an address, such as 10.0.0.53, 10.0.0.53:5353 or [fd00::53]:53",
                    "lb.discovery.nameservers[0] | 10.0.0.53:0 | must be an address, such as 10.0.0.53, 10.0.0.53:5353 or [fd00::53]:53",
                    "lb.helth.interval      | 5s    | there is no such key",
                    "lb.health.intervall    | 5s    | there is no such key",
                    "lb.pools.api.demo.backends | 1 | there is no such key",
                    "lb.pools.api.helth.rise| 1     | there is no such key",
                    "lb.backends[1].url     | http://a:1 | there is no such key"
                })
        void isNamedWithItsRuleOutsideOfPools(String key, String value, String rule) {
            assertSingleProblem(key, value, rule);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "lb.health.interval      | soon  | must be a duration such as 500ms, 5s or 1m",
                    "lb.health.rise          | two   | must be a whole number",
                    "lb.health.enabled       | maybe | must be true or false",
                    "lb.circuit.max-ejected  | half  | must be a number such as 0.5",
                    "lb.circuit.statuses     | 5xx   | must be a list of whole numbers",
                    "lb.demo.backends        | three | must be a whole number",
                    "lb.health               | on    | must have keys under it",
                    "lb.pools.api.health.rise| two   | must be a whole number"
                })
        void isNamedWithItsKind(String key, String value, String rule) {
            assertSingleProblem(key, value, rule);
        }

        private void assertSingleProblem(String key, String value, String rule) {
            ConfigProblem expected =
                    new ConfigProblem(key, value, rule, "Byte array resource [velo-1.yaml] - 1:" + (key.length() + 3));

            assertThat(TestConfig.with(key, value).problems()).containsExactly(expected);
        }
    }

    @Test
    void textNamesKeyVariableValueRuleAndPlace() {
        TestConfig config = TestConfig.ofFile("""
                lb:
                  health:
                    fast-interval: 0s
                """);

        assertThat(config.problems())
                .singleElement()
                .hasToString("lb.health.fast-interval (LB_HEALTH_FASTINTERVAL) is '0s' but must be at least 1ms and at"
                        + " most 24d [Byte array resource [velo-1.yaml] - 3:20]");
    }

    @Test
    void tellsAllProblemsAtOnce() {
        TestConfig config = TestConfig.ofFile("""
                server.port: 99999
                lb:
                  bakends: [ "http://a:1" ]
                  health: { interval: soon, rise: 0 }
                  pools:
                    api: { circuit.timeout: 0s }
                """);

        assertThat(config.problems())
                .extracting(ConfigProblem::key)
                .containsExactlyInAnyOrder(
                        "server.port",
                        "lb.bakends[0]",
                        "lb.health.interval",
                        "lb.health.rise",
                        "lb.pools.api.circuit.timeout");
    }

    @Test
    void tellsOfAnInheritedValueOnce() {
        TestConfig config = TestConfig.ofFile("""
                lb:
                  health: { rise: 0, timeout: 6s, interval: 5s, fall: x }
                  pools:
                    api: { strategy: roundrobin }
                    web: { health.path: /ok }
                """);

        assertThat(config.problems())
                .extracting(ConfigProblem::key)
                .containsExactlyInAnyOrder("lb.health.rise", "lb.health.timeout", "lb.health.fall");
    }

    @Test
    void tellsOfAValueThatIsWrongOnlyWithThePoolsOwn() {
        TestConfig config = TestConfig.ofFile("""
                lb:
                  health: { timeout: 2s, interval: 5s }
                  pools:
                    api: { health.interval: 1s }
                """);

        assertThat(config.problems())
                .containsExactly(new ConfigProblem(
                        "lb.pools.api.health.timeout",
                        "2s",
                        "must be above zero and at most lb.pools.api.health.interval, 1s",
                        ""));
    }

    @Test
    void refusesTwoBackendsOfOneId() {
        TestConfig config = TestConfig.ofFile("""
                lb.backends: [ "http://a:1", { url: "http://b:1", id: "a:1" } ]
                """);

        assertThat(config.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.key()).isEqualTo("lb.backends[1].id");
            assertThat(problem.value()).isEqualTo("a:1");
            assertThat(problem.rule()).isEqualTo("backend 0 of the pool has the same id");
        });
    }

    @ParameterizedTest
    @CsvSource({"b 1", "-b", "b/1"})
    void refusesAnId(String id) {
        TestConfig config = TestConfig.ofFile("lb.backends: [ { url: 'http://b:1', id: '%s' } ]".formatted(id));

        assertThat(config.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.key()).isEqualTo("lb.backends[0].id");
            assertThat(problem.rule()).isEqualTo("must be letters, digits, dots, colons, dashes and underscores");
        });
    }

    @ParameterizedTest
    @CsvSource({"weight,257,must be 0 to 256", "weight,-1,must be 0 to 256", "max-in-flight,-1,must be at least 0"})
    void refusesANumberOfABackend(String key, String value, String rule) {
        TestConfig config = TestConfig.ofFile("lb.backends: [ { url: 'http://b:1', %s: %s } ]".formatted(key, value));

        assertThat(config.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.key()).isEqualTo("lb.backends[0]." + key);
            assertThat(problem.value()).isEqualTo(value);
            assertThat(problem.rule()).isEqualTo(rule);
        });
    }

    @ParameterizedTest
    @CsvSource({"200", "399", "600"})
    void refusesAStatusThatIsNoFailure(String status) {
        assertThat(TestConfig.with("lb.circuit.statuses", "503," + status).problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.key()).isEqualTo("lb.circuit.statuses");
                    assertThat(problem.rule()).isEqualTo("must be statuses of 400 to 599");
                });
    }

    @ParameterizedTest
    @CsvSource({"API", "1st", "my_pool", "api-"})
    void refusesTheNameOfAPool(String name) {
        TestConfig config = TestConfig.ofFile("lb.pools:\n  %s: { strategy: roundrobin }".formatted(name));

        assertThat(config.problems())
                .containsExactly(new ConfigProblem(
                        "lb.pools." + name,
                        name,
                        "a pool's name must be lower-case letters, digits and dashes, beginning with a letter",
                        "Byte array resource [velo-1.yaml] - 2:" + (name.length() + 17)));
    }

    @Nested
    class Routes {

        @Test
        void mayLeadToPoolsAndElsewhere() {
            TestConfig config = TestConfig.ofFile("""
                    lb.pools.api.backends: http://a:1
                    %s:
                      - { id: r1, uri: "lb://api", predicates: [ "Path=/api/**" ] }
                      - { id: r2, uri: "lb://default", predicates: [ "Path=/**" ] }
                      - { uri: "http://elsewhere:1", predicates: [ "Path=/**" ] }
                    """.formatted(ROUTES));

            assertThat(config.problems()).isEmpty();
        }

        @Test
        void mayNotLeadToAPoolThatThereIsNot() {
            TestConfig config = TestConfig.ofFile("""
                    lb.pools.api.backends: http://a:1
                    %s:
                      - { id: r1, uri: "lb://apy", predicates: [ "Path=/api/**" ] }
                    """.formatted(ROUTES));

            assertThat(config.problems())
                    .containsExactly(new ConfigProblem(
                            ROUTES + "[0].uri",
                            "lb://apy",
                            "there is no such pool; there are default, api",
                            "Byte array resource [velo-1.yaml] - 3:20"));
        }

        @Test
        void mayNotShareAnId() {
            TestConfig config = TestConfig.ofFile("""
                    %s:
                      - { id: r, uri: "lb://default", predicates: [ "Path=/a" ] }
                      - { id: r, uri: "lb://default", predicates: [ "Path=/b" ] }
                    """.formatted(ROUTES));

            assertThat(config.problems()).singleElement().satisfies(problem -> {
                assertThat(problem.key()).isEqualTo(ROUTES + "[1].id");
                assertThat(problem.value()).isEqualTo("r");
                assertThat(problem.rule()).isEqualTo("another route has this id");
            });
        }

        @Test
        void thatCannotBeReadAreAProblemBesideOthers() {
            TestConfig config = TestConfig.ofFile("""
                    lb.health.rise: 0
                    %s:
                      - { id: r, uri: "lb://default", predicates: [ "Path" ] }
                    """.formatted(ROUTES));

            assertThat(config.problems())
                    .extracting(ConfigProblem::key)
                    .containsExactly("lb.health.rise", ROUTES + "[0].predicates[0]");
        }
    }
}
