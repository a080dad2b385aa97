package io.velo.wire;

import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.velo.backend.Reason;

/** Who has sent a request on a connection to a backend, and is told what becomes of it, on the connection's event loop. */
public interface AnswerListener {

    /** The head of the answer or a part of its body has come in; the listener has to release it. */
    void answered(HttpObject part);

    /** An interim answer, head and all, has come in before the answer itself. */
    void interim(HttpResponse head);

    /** What one read of the connection brought has been told. */
    void answerBatchEnded();

    /** The connection takes more of the request again. */
    void backendWritable();

    /**
     * The connection is gone, and the answer isn't whole.
     *
     * @param why that it was closed because the backend said nothing for too long, or how the backend closed it
     */
    void backendLost(Reason why);
}
