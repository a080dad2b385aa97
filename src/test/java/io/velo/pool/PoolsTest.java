package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.velo.testing.TestPool;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolsTest {

    private final Pool pool = TestPool.of("a", "b").build().pool();

    @Test
    void areFoundByName() {
        Pools pools = new Pools(List.of(pool));

        assertThat(pools.find("test")).containsSame(pool);
        assertThat(pools.find("other")).isEmpty();
        assertThat(pools.all()).containsExactly(pool);
    }

    @Test
    void findTheirBackendsById() {
        assertThat(pool.backend("b")).containsSame(pool.backends().get(1));
        assertThat(pool.backend("c")).isEmpty();
    }

    @Test
    void refuseTwoBackendsOfOneId() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestPool.of("a", "b", "a").build())
                .withMessage("pool test has two backends with the id a");
    }
}
