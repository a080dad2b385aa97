package io.velo.route;

/**
 * A change of one header field.
 *
 * @param value what is added or set; empty for {@link Action#REMOVE}
 */
public record FieldEdit(Action action, String name, String value) {

    /** What is done to the field. */
    public enum Action {
        /** One more field of that name. */
        ADD,
        /** One field of that name in place of all. */
        SET,
        /** No field of that name. */
        REMOVE
    }
}
