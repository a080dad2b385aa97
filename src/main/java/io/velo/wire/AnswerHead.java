package io.velo.wire;

import io.netty.handler.codec.http.HttpHeaders;

/** The head of an answer as a client gets it: without what concerned the backend's connection only. */
public final class AnswerHead {

    private AnswerHead() {}

    /**
     * Makes a backend's head the client's. Framing and {@code Connection} towards the client are the lane's matter.
     *
     * @param head is changed
     */
    public static void prepare(HttpHeaders head) {
        HopByHop.removeFrom(head);
    }
}
