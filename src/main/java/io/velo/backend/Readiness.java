package io.velo.backend;

/** What whoever found a backend says of it, besides what probes find. */
public enum Readiness {
    /** It may have requests; so may each backend that nobody says anything of. */
    READY("who found it says that it is ready"),
    /** It may have none now. */
    NOT_READY("who found it says that it isn't ready"),
    /** It is about to end: what it has may finish. */
    LEAVING("who found it says that it is about to end");

    private final String words;

    Readiness(String words) {
        this.words = words;
    }

    /** For people. */
    public String words() {
        return words;
    }
}
