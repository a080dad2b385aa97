package io.velo.wire;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpStatusClass;
import java.util.Queue;

/** Encodes answers; one to HEAD has no content whatever its head says. */
final class ResponseEncoder extends HttpResponseEncoder {

    private final Queue<HttpMethod> methods;

    /**
     * @param methods gives the method of each request, in order
     */
    ResponseEncoder(Queue<HttpMethod> methods) {
        this.methods = methods;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse head) {
        if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            return super.isContentAlwaysEmpty(head);
        }
        return HttpMethod.HEAD.equals(methods.poll()) || super.isContentAlwaysEmpty(head);
    }
}
