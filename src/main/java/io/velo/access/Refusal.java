package io.velo.access;

import io.velo.backend.Reason;
import java.util.List;
import java.util.Optional;

/**
 * Why a request doesn't pass, and what its client is told.
 *
 * @param fields of the answer, besides those of every such answer
 * @param page in place of Velo's own body
 */
public record Refusal(Reason reason, List<Field> fields, Optional<Page> page) {
    public Refusal {
        fields = List.copyOf(fields);
    }

    static Refusal of(Reason reason) {
        return new Refusal(reason, List.of(), Optional.empty());
    }

    /** A header field. */
    public record Field(String name, String value) {}

    /**
     * What somebody who was asked answers the client.
     *
     * @param status 300 to 599
     * @param contentType empty if there is none
     */
    @SuppressWarnings("ArrayRecordComponent") // written once, compared never
    public record Page(int status, String contentType, byte[] body) {}
}
