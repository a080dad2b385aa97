package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ReadBeforeTest {

    private final ReadBefore before = new ReadBefore();

    @Test
    void doesNotBindAPoolAgainThatReadsTheSame() {
        PoolProperties first = pool("lb: { strategy: p2c, pools: { api: { health: { path: /up } } } }");
        PoolProperties again =
                pool("lb: { strategy: p2c, backends: [ 'http://a' ], pools: { api: { health.path: /up } } }");

        assertThat(again).isSameAs(first);
    }

    @Test
    void seesWhatIsDifferentInThePoolOrAbove() {
        pool("lb: { strategy: p2c, pools: { api: { health: { path: /up } } } }");

        assertThat(pool("lb: { strategy: p2c, pools: { api: { health: { path: /down } } } }")
                        .health()
                        .path())
                .isEqualTo("/down");
        assertThat(pool("lb: { strategy: random, pools: { api: { health: { path: /up } } } }")
                        .strategy())
                .isEqualTo("random");
    }

    @Test
    void asksForPlaceholdersEachTime() {
        String file = "lb: { pools: { api: { health: { path: '${up:/up}' } } } }";

        assertThat(pool(file).health().path()).isEqualTo("/up");
        assertThat(pool("up: /there\n" + file).health().path()).isEqualTo("/there");
    }

    @Test
    void tellsOfAWrongValueEachTime() {
        String file = "lb: { pools: { api: { health: { rise: many } } } }";

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> pool(file))
                    .isInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining("lb.pools.api.health.rise");
        }
    }

    private PoolProperties pool(String yaml) {
        return TestConfig.ofFile(yaml).read(before).pools().get("api");
    }
}
