package io.velo.gateway;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The body of a request as far as backends have had it. Its signals come one after another, if not all on one thread. */
final class SentBody {

    private volatile @Nullable BodyUpload upload;
    private volatile boolean streams;

    /** What sends it, made when it is first asked for. */
    BodyUpload upload(Supplier<BodyUpload> made) {
        BodyUpload known = upload;
        if (known == null) {
            known = made.get();
            upload = known;
        }
        return known;
    }

    /** It goes to a backend and is kept nowhere. */
    void streams() {
        streams = true;
    }

    /** Whether what was sent, if anything, can be sent again. */
    boolean replayable() {
        BodyUpload known = upload;
        return !streams && (known == null || known.replayable());
    }

    /** It won't be sent again. */
    void forget() {
        BodyUpload known = upload;
        if (known != null) {
            known.forget();
        }
    }

    /** Nobody gets any more of it. */
    void close() {
        BodyUpload known = upload;
        if (known != null) {
            upload = null;
            known.close();
        }
    }
}
