package io.velo.gateway;

import io.velo.backend.Reason;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ResponseStatusException;

/** A request that Velo has to answer itself. A {@link ResponseStatusException}, so that the gateway's filters understand it. */
public class FailedRequestException extends ResponseStatusException {

    private static final long serialVersionUID = 1L;

    private final Reason why;

    FailedRequestException(Reason why, @Nullable Throwable cause) {
        super(HttpStatusCode.valueOf(why.status()), why.word(), cause);
        this.why = why;
    }

    /** Why; {@link #getReason()} has the same as text. */
    public Reason why() {
        return why;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this; // made for each failed request, and the trace would only show the filter chain
    }
}
