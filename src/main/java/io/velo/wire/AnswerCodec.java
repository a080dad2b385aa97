package io.velo.wire;

import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.util.AsciiString;

/**
 * The HTTP/1.1 codec of a connection to a backend. Netty's own doesn't tell whether bytes are left over behind an answer; a
 * connection with such bytes would take them for the beginning of the next answer.
 */
final class AnswerCodec extends CombinedChannelDuplexHandler<AnswerCodec.Decoder, HttpRequestEncoder> {

    private final Decoder decoder = new Decoder();

    AnswerCodec() {
        init(decoder, new HttpRequestEncoder());
    }

    /** A request with this method is on its way; the answer to HEAD has no body whatever its head says. */
    void expectAnswerTo(HttpMethod method) {
        decoder.method = method;
    }

    /** Whether the backend has sent more than what was decoded so far. */
    boolean hasMore() {
        return decoder.hasMore();
    }

    static final class Decoder extends HttpResponseDecoder {

        private HttpMethod method = HttpMethod.GET;

        Decoder() {
            super(new HttpDecoderConfig());
        }

        @Override
        protected boolean isContentAlwaysEmpty(HttpMessage message) {
            boolean interim = message instanceof HttpResponse response
                    && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            return (!interim && method.equals(HttpMethod.HEAD)) || super.isContentAlwaysEmpty(message);
        }

        /** Netty takes whitespace for the end of the name, and drops what stands between there and the colon. */
        @Override
        protected AsciiString splitHeaderName(byte[] line, int start, int length) {
            int colon = start + length;
            while (colon < line.length && (line[colon] == ' ' || line[colon] == '\t')) {
                colon++;
            }
            if (colon < line.length && line[colon] != ':') {
                throw new IllegalArgumentException("whitespace inside the name of a field");
            }
            return super.splitHeaderName(line, start, length);
        }

        boolean hasMore() {
            return actualReadableBytes() > 0;
        }
    }
}
