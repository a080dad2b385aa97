package io.velo.backend;

import java.util.Optional;

/**
 * How a request to a backend ended, body included. One of {@link Answered}, {@link Failed}, {@link Aborted}.
 * Times are nanoseconds since the backend was chosen.
 */
public sealed interface Outcome {

    /** Nanoseconds from the choice of the backend to the end. */
    long nanos();

    /** The word for the meters' {@code outcome} tag. */
    Kind kind();

    /** Why Velo ended it, if it did. */
    default Optional<Reason> reason() {
        return Optional.empty();
    }

    /**
     * The backend answered, and the whole answer was passed on.
     *
     * @param status 100 to 999
     * @param firstByteNanos when the answer's head arrived
     */
    record Answered(int status, long nanos, long firstByteNanos) implements Outcome {
        @Override
        public Kind kind() {
            return status >= 500 ? Kind.SERVER_ERROR : status >= 400 ? Kind.CLIENT_ERROR : Kind.SUCCESS;
        }
    }

    /** The backend failed. */
    record Failed(Reason why, long nanos) implements Outcome {
        @Override
        public Kind kind() {
            return Kind.FAILED;
        }

        @Override
        public Optional<Reason> reason() {
            return Optional.of(why);
        }
    }

    /** The client left, or Velo gave the backend up for a cause that is not the backend's: this says nothing of it. */
    record Aborted(Reason why, long nanos) implements Outcome {
        @Override
        public Kind kind() {
            return Kind.ABORTED;
        }

        @Override
        public Optional<Reason> reason() {
            return Optional.of(why);
        }
    }

    /** The closed list of the {@code outcome} tag. */
    enum Kind {
        /** The backend answered with a status below 400. */
        SUCCESS("success"),
        /** The backend answered with 4xx. */
        CLIENT_ERROR("client_error"),
        /** The backend answered with 5xx. */
        SERVER_ERROR("server_error"),
        /** Velo answered in place of a backend, or cut the answer short. */
        FAILED("failed"),
        /** The client left. */
        ABORTED("aborted");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** Lower-case word for meters. */
        public String word() {
            return word;
        }

        /** Whether the client was let down: a 5xx of the backend or a failure. */
        public boolean failure() {
            return this == SERVER_ERROR || this == FAILED;
        }
    }
}
