package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendSpec;
import io.velo.backend.BackendSpec.Source;
import io.velo.backend.Readiness;
import io.velo.config.OperatorChanges.Change;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What operators did, and what the configuration says: who has the last word. */
class OperatorChangesTest {

    private static final BackendSpec A = spec("a", 1);
    private static final BackendSpec B = spec("b", 1);

    private static BackendSpec spec(String id, int weight) {
        return new BackendSpec(id, URI.create("http://" + id + ":1"), weight, 0, "");
    }

    private static OperatorChanges changed(BackendSpec was, BackendSpec now) {
        return OperatorChanges.NONE.with(was.id(), new Change(Optional.of(was), Optional.of(now)));
    }

    @Test
    void changesABackendInItsPlace() {
        assertThat(changed(A, spec("a", 5)).over(List.of(A, B)))
                .containsExactly(spec("a", 5).from(Source.ADMIN), B);
    }

    @Test
    void addsOneAtTheEnd() {
        OperatorChanges added = OperatorChanges.NONE.with("b", new Change(Optional.empty(), Optional.of(B)));

        assertThat(added.over(List.of(A))).containsExactly(A, B.from(Source.ADMIN));
    }

    @Test
    void removesOne() {
        OperatorChanges removed = OperatorChanges.NONE.with("a", new Change(Optional.of(A), Optional.empty()));

        assertThat(removed.over(List.of(A, B))).containsExactly(B);
    }

    @Test
    void holdsWhileTheConfigurationSaysTheSame() {
        OperatorChanges changes = changed(A, spec("a", 5));

        assertThat(changes.heldBy(List.of(B, A))).isEqualTo(changes);
        assertThat(changes.heldBy(List.of(spec("a", 2), B))).isEqualTo(OperatorChanges.NONE);
        assertThat(changes.heldBy(List.of(B))).isEqualTo(OperatorChanges.NONE);
    }

    @Test
    void hasNoSayInWhetherABackendIsReady() {
        OperatorChanges changes = changed(A, spec("a", 5));
        BackendSpec notReady = A.withReadiness(Readiness.NOT_READY);

        assertThat(changes.heldBy(List.of(notReady, B))).isEqualTo(changes);
        assertThat(changes.over(List.of(notReady, B)))
                .containsExactly(spec("a", 5).from(Source.ADMIN).withReadiness(Readiness.NOT_READY), B);
    }

    @Test
    void givesWayWhenTheConfigurationNamesWhatWasAdded() {
        OperatorChanges added = OperatorChanges.NONE.with("b", new Change(Optional.empty(), Optional.of(B)));

        assertThat(added.heldBy(List.of(A))).isEqualTo(added);
        assertThat(added.heldBy(List.of(A, spec("b", 2)))).isEqualTo(OperatorChanges.NONE);
    }

    @Test
    void isNoneIfItOnlyRepeatsTheConfiguration() {
        assertThat(changed(A, spec("a", 5)).with("a", new Change(Optional.of(A), Optional.of(A))))
                .isEqualTo(OperatorChanges.NONE);
    }

    @Test
    void isNoneIfWhatWasAddedIsRemoved() {
        OperatorChanges added = OperatorChanges.NONE.with("b", new Change(Optional.empty(), Optional.of(B)));

        assertThat(added.with("b", new Change(Optional.empty(), Optional.empty())))
                .isEqualTo(OperatorChanges.NONE);
    }
}
