package io.velo.change;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * What came of a reload.
 *
 * @param trigger who asked for it
 * @param problems why it was refused; empty otherwise
 * @param changes what is different now, a sentence each
 * @param needsRestart keys that are different in the file and stay as they were until the next start
 */
public record Reload(
        Result result,
        String trigger,
        Instant at,
        List<String> problems,
        List<String> changes,
        List<String> needsRestart) {

    public Reload {
        problems = List.copyOf(problems);
        changes = List.copyOf(changes);
        needsRestart = List.copyOf(needsRestart);
    }

    /** How it ended. */
    public enum Result {
        /** The new configuration is in force. */
        APPLIED,
        /** It says what was in force already. */
        UNCHANGED,
        /** Something in it is wrong; all stays as it was. */
        REFUSED;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** As meters and logs say it: lower case. */
        public String word() {
            return word;
        }
    }
}
