package io.velo.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Backend;
import io.velo.backend.BackendSpec;
import io.velo.testing.Backends;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HashRingTest {

    private static final int KEYS = 50_000;

    private static final String MORE_POINTS_THAN_THE_TABLE_GROWS_WITH = "2000, 1000";

    @ParameterizedTest
    @CsvSource({"100, 0", "100, 17", "100, 99", MORE_POINTS_THAN_THE_TABLE_GROWS_WITH})
    void movesTheKeysOfABackendThatGoesAndNoOthers(int count, int gone) {
        List<Candidate> before = backends(count);
        List<Candidate> after = new ArrayList<>(before);
        after.remove(gone);

        List<String> owners = owners(before, 1);
        List<String> next = owners(after, 1);

        int moved = 0;
        for (int key = 0; key < KEYS; key++) {
            boolean same = owners.get(key).equals(next.get(key));
            assertThat(same).as("key %d", key).isEqualTo(!owners.get(key).equals("b" + gone));
            moved += same ? 0 : 1;
        }
        assertThat(moved).as("half to twice its share").isBetween(KEYS / count / 2, KEYS / count * 2);
    }

    @Test
    void movesKeysToAnExchangedBackendAndFromIt() {
        List<Candidate> after = new ArrayList<>(backends(100));
        after.set(40, Backends.candidate("new", 1, 0));

        List<String> owners = owners(backends(100), 1);
        List<String> next = owners(after, 1);

        for (int key = 0; key < KEYS; key++) {
            if (!owners.get(key).equals("b40") && !next.get(key).equals("new")) {
                assertThat(next.get(key)).as("key %d", key).isEqualTo(owners.get(key));
            }
        }
    }

    @Test
    void givesABackendThatWarmsUpKeysOfItsOwnOnly() {
        List<Candidate> warm = backends(10);
        List<Candidate> warming = warm.stream()
                .map(each -> new Candidate(each.backend(), each.backend().id().equals("b3") ? 2 : 20))
                .toList();

        List<String> owners = owners(warm, 1);
        List<String> next = owners(warming, 20);

        for (int key = 0; key < KEYS; key++) {
            if (!owners.get(key).equals("b3")) {
                assertThat(next.get(key)).as("key %d", key).isEqualTo(owners.get(key));
            }
        }
        double part = Collections.frequency(next, "b3") / (double) Collections.frequency(owners, "b3");
        assertThat(part).as("about a tenth of its keys").isBetween(0.03, 0.2);
    }

    @Test
    void doesntCareForTheOrder() {
        List<Candidate> shuffled = new ArrayList<>(backends(100));
        Collections.shuffle(shuffled, new Random(1));

        assertThat(owners(shuffled, 1)).isEqualTo(owners(backends(100), 1));
    }

    @Test
    void sharesKeysByWeight() {
        List<Candidate> candidates = backends(10);
        candidates = new ArrayList<>(candidates);
        candidates.set(0, Backends.candidate("b0", 9, 0));

        assertThat(Collections.frequency(owners(candidates, 1), "b0") / (double) KEYS)
                .as("half, and the deviation of some hundred points")
                .isBetween(0.42, 0.58);
    }

    @Test
    void sharesKeysAboutEvenly() {
        List<String> owners = owners(backends(100), 1);

        assertThat(IntStream.range(0, 100).map(i -> Collections.frequency(owners, "b" + i)))
                .as("500 each")
                .allMatch(count -> count > 300 && count < 750);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void worksForFew(int count) {
        assertThat(owners(backends(count), 1))
                .containsAll(IntStream.range(0, count).mapToObj(i -> "b" + i).toList());
    }

    @Test
    void hasBoundsForHeavyWeights() {
        List<Candidate> heavy = IntStream.range(0, 60)
                .mapToObj(i -> {
                    Backend backend = Backends.backend(Backends.weighted("b" + i, BackendSpec.MAX_WEIGHT));
                    return new Candidate(backend, BackendSpec.MAX_WEIGHT);
                })
                .toList();

        assertThat(owners(heavy, 1)).contains("b0", "b59");
    }

    private static List<Candidate> backends(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Backends.candidate("b" + i, 1, 0))
                .toList();
    }

    private static List<String> owners(List<Candidate> candidates, int scale) {
        HashRing ring = new HashRing(candidates, scale);
        return IntStream.range(0, KEYS)
                .mapToObj(key -> candidates
                        .get(ring.owner(HashKey.hash("key " + key)))
                        .backend()
                        .id())
                .toList();
    }
}
