package io.velo.admin;

import io.velo.change.Edit.Flaw;
import java.util.List;
import org.springframework.http.HttpStatus;

/** A request of an operator that is refused, before or instead of any change. Becomes a problem body (RFC 9457). */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final transient List<Flaw> flaws;

    Refusal(HttpStatus status, String detail) {
        this(status, detail, List.of());
    }

    Refusal(HttpStatus status, String detail, List<Flaw> flaws) {
        super(detail, null, false, false);
        this.status = status;
        this.flaws = List.copyOf(flaws);
    }

    HttpStatus status() {
        return status;
    }

    Body body() {
        return new Body("about:blank", status.getReasonPhrase(), status.value(), String.valueOf(getMessage()), flaws);
    }

    /**
     * The problem.
     *
     * @param errors broken rules, each with key, value and rule
     */
    record Body(String type, String title, int status, String detail, List<Flaw> errors) {}
}
