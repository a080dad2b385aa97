package io.velo.wire.h2;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Headers;
import io.velo.wire.OneHop;
import io.velo.wire.Trailers;
import java.util.Map;

/** The head and the end of an answer on a stream as those of HTTP/1.1. */
final class StreamAnswer {

    private static final int DIGITS = 3;

    private StreamAnswer() {}

    /** Marked as undecodable if it can't be one. */
    static HttpResponse head(Http2Headers from) {
        CharSequence status = from.status();
        if (status == null || !isStatus(status)) {
            return undecodable(new IllegalArgumentException("status " + status));
        }
        HttpHeaders fields = new DefaultHttpHeaders(); // which checks what is put in, and clients may speak HTTP/1.1
        try {
            copy(from, fields);
        } catch (IllegalArgumentException e) {
            return undecodable(e);
        }
        OneHop.strip(fields, false);
        return new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(Integer.parseInt(status.toString())), fields);
    }

    private static boolean isStatus(CharSequence text) {
        return text.length() == DIGITS && text.charAt(0) != '0' && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static void copy(Http2Headers from, HttpHeaders to) {
        for (Map.Entry<CharSequence, CharSequence> field : from) {
            CharSequence name = field.getKey();
            if (name.charAt(0) != ':' && !StreamHead.isOfOneConnection(name)) {
                to.add(name, field.getValue());
            }
        }
    }

    static HttpResponse undecodable(Throwable why) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_GATEWAY);
        head.setDecoderResult(DecoderResult.failure(why));
        return head;
    }

    /** What stands behind the content. Fields that can't stand there are left out. */
    static LastHttpContent end(Http2Headers from) {
        LastHttpContent end = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        for (Map.Entry<CharSequence, CharSequence> field : from) {
            CharSequence name = field.getKey();
            if (name.charAt(0) != ':' && Trailers.allow(name)) {
                add(end.trailingHeaders(), name, field.getValue());
            }
        }
        return end;
    }

    private static void add(HttpHeaders trailers, CharSequence name, CharSequence value) {
        try {
            trailers.add(name, value);
        } catch (IllegalArgumentException e) {
            // it isn't one of HTTP/1.1, and the answer is whole without it
        }
    }
}
