package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {

    private static BackendProperties backend(String url) {
        return BackendProperties.of(url);
    }

    @Test
    void hasOnePoolByDefault() {
        VeloConfig config = new TestConfig().read();

        assertThat(config.pools()).containsOnlyKeys("default");
        assertThat(config.pools().get("default").strategy()).isEqualTo("roundrobin");
        assertThat(config.pools().get("default").backends()).isEmpty();
        assertThat(config.unknownVariables()).isEmpty();
    }

    @Nested
    class Order {

        @Test
        void isFlagsThenVariablesThenFilesThenDefaults() {
            TestConfig config = new TestConfig()
                    .flag("--lb.circuit.timeout=4s")
                    .variable("LB_CIRCUIT_TIMEOUT", "3s")
                    .variable("LB_HEALTH_TIMEOUT", "3s")
                    .file("lb: { circuit.timeout: 2s, health: { timeout: 2500ms, interval: 7s } }");

            PoolProperties pool = config.pool();
            assertThat(pool.circuit().timeout()).isEqualTo(Duration.ofSeconds(4));
            assertThat(pool.health().timeout()).isEqualTo(Duration.ofSeconds(3));
            assertThat(pool.health().interval()).isEqualTo(Duration.ofSeconds(7));
            assertThat(pool.health().fastInterval()).isEqualTo(Duration.ofSeconds(1));
        }

        @Test
        void replacesALongerListWhole() {
            TestConfig config = ofThree().variable("LB_BACKENDS", "http://d:1");

            assertThat(config.pool().backends()).containsExactly(backend("http://d:1"));
        }

        @Test
        void replacesAListByElements() {
            TestConfig config = ofThree().variable("LB_BACKENDS_0_URL", "http://d:1");

            assertThat(config.pool().backends()).containsExactly(backend("http://d:1"));
        }

        @Test
        void replacesAListByAFlag() {
            TestConfig config = ofThree().flag("--lb.backends=http://d:1,http://e:1");

            assertThat(config.pool().backends()).containsExactly(backend("http://d:1"), backend("http://e:1"));
        }

        private TestConfig ofThree() {
            return TestConfig.ofFile("""
                    lb.backends: [ "http://a:1", { url: "http://b:1", id: b, max-in-flight: 1 }, "http://c:1" ]
                    """);
        }
    }

    @Nested
    class Backends {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "http://a:8080,http://b:8080",
                    " http://a:8080 , http://b:8080 ",
                    "http://a:8080,\thttp://b:8080"
                })
        void areSeparatedByCommas(String value) {
            assertThat(TestConfig.ofVariable("LB_BACKENDS", value).pool().backends())
                    .containsExactly(backend("http://a:8080"), backend("http://b:8080"));
        }

        @Test
        void areNoneIfTheVariableIsEmpty() {
            assertThat(TestConfig.ofVariable("LB_BACKENDS", "").pool().backends())
                    .isEmpty();
        }

        @Test
        void areUrlsAndObjectsInOneList() {
            TestConfig config = TestConfig.ofFile("""
                    lb:
                      backends:
                        - http://localhost:8081
                        - { url: http://localhost:8082, id: b2, weight: 2, zone: a, max-in-flight: 200 }
                        - https://c
                    """);

            assertThat(config.pool().backends())
                    .containsExactly(
                            backend("http://localhost:8081"),
                            new BackendProperties("http://localhost:8082", "b2", 2, "a", 200, 0, false),
                            backend("https://c"));
        }

        @Test
        void areObjectsInVariables() {
            TestConfig config = TestConfig.ofVariable("LB_BACKENDS_0_URL", "http://a:1")
                    .variable("LB_BACKENDS_0_WEIGHT", "3")
                    .variable("LB_BACKENDS_1_URL", "http://b:1")
                    .variable("LB_BACKENDS_1_MAXINFLIGHT", "5")
                    .variable("LB_BACKENDS_2_URL", "http://c:1")
                    .variable("LB_BACKENDS_2_MAX_IN_FLIGHT", "6");

            assertThat(config.pool().backends())
                    .containsExactly(
                            new BackendProperties("http://a:1", "", 3, "", 0, 0, false),
                            new BackendProperties("http://b:1", "", 1, "", 5, 0, false),
                            new BackendProperties("http://c:1", "", 1, "", 6, 0, false));
            assertThat(config.read().unknownVariables()).isEmpty();
        }

        @Test
        void mayHaveAnAddressOfVersionSix() {
            assertThat(TestConfig.with("lb.backends", "http://[::1]:8080")
                            .pool()
                            .backends())
                    .extracting(Settings::idOf)
                    .containsExactly("::1:8080");
        }
    }

    @Nested
    class Names {

        @ParameterizedTest
        @CsvSource({
            "LB_HEALTH_FASTINTERVAL",
            "LB_HEALTH_FAST_INTERVAL",
        })
        void ofVariablesMayKeepOrDropTheDash(String variable) {
            VeloConfig config = TestConfig.ofVariable(variable, "700ms").read();

            assertThat(config.pools().get("default").health().fastInterval()).isEqualTo(Duration.ofMillis(700));
            assertThat(config.unknownVariables()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"fast-interval", "fastInterval", "fast_interval", "FAST-INTERVAL"})
        void inFilesAreRelaxed(String key) {
            assertThat(TestConfig.with("lb.health." + key, "700ms")
                            .pool()
                            .health()
                            .fastInterval())
                    .isEqualTo(Duration.ofMillis(700));
        }

        @Test
        void ofVariablesThatMeanNothingAreOnlyTold() {
            VeloConfig config = TestConfig.ofVariable("LB_HELTH_INTERVAL", "1s")
                    .variable("LB_PORT", "8091")
                    .variable("LB_ADDRESS", "127.0.0.1")
                    .variable("LBX", "1")
                    .variable("LB_BACKENDS_1_URL", "http://a:1")
                    .variable("LB_POOLS_API_HELTH_RISE", "1")
                    .read();

            assertThat(config.unknownVariables())
                    .containsExactlyInAnyOrder("LB_HELTH_INTERVAL", "LB_BACKENDS_1_URL", "LB_POOLS_API_HELTH_RISE");
            assertThat(config.pools()).containsOnlyKeys("default");
        }

        @Test
        void thatMeanNothingAreToldWithTheirPlace() {
            TestConfig config = new TestConfig().file("lb.strategy: roundrobin").file("""
                    lb:
                      health:
                        intervall: 5s
                    """);

            assertThat(config.problems())
                    .containsExactly(new ConfigProblem(
                            "lb.health.intervall",
                            "5s",
                            "there is no such key",
                            "Byte array resource [velo-2.yaml] - 3:16"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"lb:", "lb:\n  health:", "lb:\n  pools:", "lb:\n  pools:\n    api:", "lb:\n  backends:"})
        void withNothingUnderThemAreNotSet(String yaml) {
            assertThat(TestConfig.ofFile(yaml).pool().health().rise()).isEqualTo(2);
        }
    }

    @Nested
    class FurtherPools {

        @Test
        void takeFromAboveWhatTheyLeaveOut() {
            TestConfig config = TestConfig.ofFile("""
                    lb:
                      strategy: leastconnection
                      backends: [ "http://a:1" ]
                      health: { rise: 4, fall: 5 }
                      pools:
                        api:
                          health: { fall: 6 }
                    """);

            PoolProperties api = config.pool("api");
            assertThat(api.strategy()).isEqualTo("leastconnection");
            assertThat(api.health().rise()).isEqualTo(4);
            assertThat(api.health().fall()).isEqualTo(6);
            assertThat(api.health().path()).isEqualTo("/health");
            assertThat(api.backends()).isEmpty();
            assertThat(config.pool().health().fall()).isEqualTo(5);
        }

        @Test
        void goByTheirOwnKeyBeforeAVariableAbove() {
            TestConfig config =
                    TestConfig.ofFile("lb.pools.api.strategy: leastconnection").variable("LB_STRATEGY", "roundrobin");

            assertThat(config.pool("api").strategy()).isEqualTo("leastconnection");
        }

        @Test
        void canBeNamedByVariablesAlone() {
            TestConfig config = TestConfig.ofVariable("LB_POOLS_API_STRATEGY", "leastconnection")
                    .variable("LB_POOLS_API_BACKENDS", "http://a:1, http://b:1")
                    .variable("LB_POOLS_API_HEALTH_FAST_INTERVAL", "300ms");

            VeloConfig read = config.read();
            assertThat(read.pools()).containsOnlyKeys("default", "api");
            assertThat(read.pools().get("api").strategy()).isEqualTo("leastconnection");
            assertThat(read.pools().get("api").backends())
                    .isEqualTo(List.of(backend("http://a:1"), backend("http://b:1")));
            assertThat(read.pools().get("api").health().fastInterval()).isEqualTo(Duration.ofMillis(300));
            assertThat(read.unknownVariables()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"LB_POOLS_MYAPI_STRATEGY", "LB_POOLS_MY_API_STRATEGY"})
        void withADashInTheNameAreFoundByVariables(String variable) {
            TestConfig config =
                    TestConfig.ofFile("lb.pools.my-api.backends: http://a:1").variable(variable, "leastconnection");

            VeloConfig read = config.read();
            assertThat(read.pools()).containsOnlyKeys("default", "my-api");
            assertThat(read.pools().get("my-api").strategy()).isEqualTo("leastconnection");
            assertThat(read.unknownVariables()).isEmpty();
        }
    }
}
