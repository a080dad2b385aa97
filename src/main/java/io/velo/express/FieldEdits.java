package io.velo.express;

import io.netty.handler.codec.http.HttpHeaders;
import io.velo.route.FieldEdit;
import java.util.List;

/** Carries out what a route changes on the fields of a head. */
final class FieldEdits {

    private FieldEdits() {}

    static void apply(List<FieldEdit> edits, HttpHeaders fields) {
        for (FieldEdit edit : edits) { // a loop: most routes have no edits, and this is on every request's way
            switch (edit.action()) {
                case ADD -> fields.add(edit.name(), edit.value());
                case SET -> fields.set(edit.name(), edit.value());
                case REMOVE -> fields.remove(edit.name());
            }
        }
    }
}
