package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What worked with the first Velo works. */
class FirstVeloTest {

    private static final String FILE = """
            server:
              address: 127.0.0.1
              port: 8092
            backends:
              urls:
                - http://localhost:8081
                - http://localhost:8082
            strategy: leastconnection
            circuit:
              failure_threshold: 7
              timeout: 1m30s
            health:
              interval: 10s
              timeout: 1.5s
            metrics:
              enabled: true
              path: /stats
            """;

    @Nested
    class File {

        @Test
        void isReadUnchanged() {
            TestConfig config = TestConfig.ofFile(FILE);

            VeloConfig read = config.read();
            PoolProperties pool = read.pools().get("default");
            assertThat(pool.backends())
                    .extracting(BackendProperties::url)
                    .containsExactly("http://localhost:8081", "http://localhost:8082");
            assertThat(pool.strategy()).isEqualTo("leastconnection");
            assertThat(pool.circuit().failureThreshold()).isEqualTo(7);
            assertThat(pool.circuit().timeout()).isEqualTo(Duration.ofSeconds(90));
            assertThat(pool.health().interval()).isEqualTo(Duration.ofSeconds(10));
            assertThat(pool.health().timeout()).isEqualTo(Duration.ofMillis(1500));
            assertThat(read.global().metrics().path()).isEqualTo("/stats");
            assertThat(config.environment().getProperty("server.port")).isEqualTo("8092");
        }

        @Test
        void needNotListBackends() {
            TestConfig config = TestConfig.ofFile("health: { interval: 10s }").variable("LB_BACKENDS", "http://a:1");

            assertThat(config.pool().health().interval()).isEqualTo(Duration.ofSeconds(10));
        }

        @Test
        void isOverriddenByVariables() {
            TestConfig config = TestConfig.ofFile(FILE)
                    .variable("LB_STRATEGY", "roundrobin")
                    .variable("LB_BACKENDS", "http://c:1")
                    .variable("HEALTH_CHECK_INTERVAL", "20s");

            assertThat(config.pool().strategy()).isEqualTo("roundrobin");
            assertThat(config.pool().backends())
                    .extracting(BackendProperties::url)
                    .containsExactly("http://c:1");
            assertThat(config.pool().health().interval()).isEqualTo(Duration.ofSeconds(20));
        }

        @Test
        void hasItsMistakesToldWithTheirPlace() {
            TestConfig config = TestConfig.ofFile("""
                    backends:
                      urls: [ "http://a:1" ]
                    health:
                      timeout: never
                    """);

            assertThat(config.problems())
                    .containsExactly(new ConfigProblem(
                            "lb.health.timeout",
                            "never",
                            "must be a duration such as 500ms, 5s or 1m",
                            "Byte array resource [velo-1.yaml] - 4:12"));
        }

        @Test
        void isNotEveryFileWithAHealthOfItsOwn() {
            assertThat(TestConfig.ofFile("health.color: green").problems()).isEmpty();
        }
    }

    @Nested
    class Variables {

        @ParameterizedTest
        @CsvSource({"HEALTH_CHECK_INTERVAL,1m30s,PT1M30S", "HEALTH_CHECK_INTERVAL,9s,PT9S"})
        void setTheInterval(String variable, String value, Duration expected) {
            assertThat(TestConfig.ofVariable(variable, value).pool().health().interval())
                    .isEqualTo(expected);
        }

        @Test
        void setTimeoutAndThreshold() {
            PoolProperties pool = TestConfig.ofVariable("HEALTH_CHECK_TIMEOUT", "900ms")
                    .variable("CIRCUIT_FAILURE_THRESHOLD", "8")
                    .pool();

            assertThat(pool.health().timeout()).isEqualTo(Duration.ofMillis(900));
            assertThat(pool.circuit().failureThreshold()).isEqualTo(8);
        }

        @Test
        void giveWayToTheNamesWithLb() {
            PoolProperties pool = TestConfig.ofVariable("HEALTH_CHECK_INTERVAL", "9s")
                    .variable("LB_HEALTH_INTERVAL", "8s")
                    .variable("HEALTH_CHECK_TIMEOUT", "3s")
                    .variable("LB_HEALTH_TIMEOUT", "4s")
                    .variable("CIRCUIT_FAILURE_THRESHOLD", "8")
                    .variable("LB_CIRCUIT_FAILURE_THRESHOLD", "9")
                    .pool();

            assertThat(pool.health().interval()).isEqualTo(Duration.ofSeconds(8));
            assertThat(pool.health().timeout()).isEqualTo(Duration.ofSeconds(4));
            assertThat(pool.circuit().failureThreshold()).isEqualTo(9);
        }

        @Test
        void goBeforeTheFile() {
            assertThat(TestConfig.with("lb.circuit.failure-threshold", "4")
                            .variable("CIRCUIT_FAILURE_THRESHOLD", "8")
                            .pool()
                            .circuit()
                            .failureThreshold())
                    .isEqualTo(8);
        }

        @Test
        void areNamedWhereTheyAreWrong() {
            assertThat(TestConfig.ofVariable("HEALTH_CHECK_INTERVAL", "0s").problems())
                    .extracting(ConfigProblem::origin)
                    .containsExactly("System Environment Property \"HEALTH_CHECK_INTERVAL\"");
        }

        @Test
        void setAddressAndPortBeforeTheFile() {
            var environment = TestConfig.ofVariable("LB_PORT", "8093")
                    .variable("LB_ADDRESS", "127.0.0.2")
                    .file(FILE)
                    .environment();

            assertThat(environment.getProperty("server.port")).isEqualTo("8093");
            assertThat(environment.getProperty("server.address")).isEqualTo("127.0.0.2");
        }

        @Test
        void giveWayToFlags() {
            var environment = TestConfig.ofVariable("LB_PORT", "8093")
                    .flag("--server.port=8094")
                    .environment();

            assertThat(environment.getProperty("server.port")).isEqualTo("8094");
        }

        @Test
        void setAPortThatIsChecked() {
            assertThat(TestConfig.ofVariable("LB_PORT", "65536").problems())
                    .singleElement()
                    .hasToString("server.port (LB_PORT) is '65536' but must be a port, 0 to 65535"
                            + " [System Environment Property \"LB_PORT\"]");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1m30s, PT1M30S",
        "1h, 1h",
        "2h0m1s, PT2H1S",
        "1.5s, PT1.5S",
        "0.5h, PT30M",
        "1s500ms, PT1.5S",
        "5s, 5s",
        "100, 100",
        "p2c, p2c",
        "s5, s5"
    })
    void durationsOfGoAreRewrittenWhereSpringCannotReadThem(String go, String spring) {
        assertThat(GoDuration.forSpring(go)).isEqualTo(spring);
    }
}
