package io.velo.admin;

import io.velo.change.Reload;
import java.time.Instant;
import java.util.List;

/** A reload as the endpoints show it. */
record ReloadView(
        String result,
        String trigger,
        Instant at,
        List<String> problems,
        List<String> changes,
        List<String> needsRestart) {

    static ReloadView of(Reload reload) {
        return new ReloadView(
                reload.result().word(),
                reload.trigger(),
                reload.at(),
                reload.problems(),
                reload.changes(),
                reload.needsRestart());
    }
}
