package io.velo.express;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.velo.route.FieldEdit;
import io.velo.wire.h2.Tunnel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer on its way from the backend to the client, framed as the client's version and the answer's body need it. */
final class Download {

    private final ChannelHandlerContext client;
    private final ExpressRequest request;
    private @Nullable HttpResponse held; // goes out in one piece with what follows in the same read
    private boolean saidGoOn;
    private boolean begun;
    private boolean closes;
    private boolean closeDelimited;

    Download(ChannelHandlerContext client, ExpressRequest request) {
        this.client = client;
        this.request = request;
        this.closes = !request.keepAlive();
    }

    /** Whether the client has been told a status. */
    boolean begun() {
        return begun;
    }

    /** Whether the client takes more. */
    boolean ready() {
        return client.channel().isWritable();
    }

    /** Whether the client's connection ends with this answer. */
    boolean closes() {
        return closes;
    }

    /** Passes the head of a backend's answer on, with the status that the client can be told. */
    void head(HttpResponse head, List<FieldEdit> edits) {
        head.setStatus(Tunnel.told(head.status(), client.channel()));
        HttpHeaders fields = head.headers();
        fields.remove(HttpHeaderNames.CONNECTION); // the backend's
        FieldEdits.apply(edits, fields);
        if (!isBodyless(head.status())) {
            frame(fields);
        }
        begin(head);
        held = head;
    }

    /** The head of an answer by which the backend has switched to WebSocket, as the client gets it, and from elsewhere. */
    HttpResponse switched(HttpResponse head) {
        head.headers()
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        begun = true;
        return head;
    }

    /** Tells a client that waits for a word to send the body; says it once. */
    void goOn() {
        if (saidGoOn) {
            return;
        }
        saidGoOn = true;
        client.writeAndFlush(
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE), client.voidPromise());
    }

    /** Answers in place of a backend. A client that still waits for a word may or may not send the body: no way to tell. */
    void answer(FullHttpResponse answer) {
        closes |= request.expectsContinue() && !saidGoOn;
        begin(answer);
        client.writeAndFlush(answer, client.voidPromise());
    }

    private void begin(HttpResponse head) {
        begun = true;
        head.setProtocolVersion(HttpVersion.HTTP_1_1); // an older one would say that the connection isn't kept
        if (closes) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    private boolean isBodyless(HttpResponseStatus status) {
        return (request.isHead() && request.http10())
                || status.code() == HttpResponseStatus.NO_CONTENT.code()
                || status.code() == HttpResponseStatus.NOT_MODIFIED.code();
    }

    /** A length that is told stays; otherwise HTTP/1.1 clients get chunks, and for older ones the end of the connection tells. */
    private void frame(HttpHeaders fields) {
        if (fields.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return;
        }
        if (request.http10()) {
            fields.remove(HttpHeaderNames.TRANSFER_ENCODING);
            closeDelimited = true;
            closes = true;
        } else {
            fields.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
    }

    /**
     * Passes a part of the body on.
     *
     * @return whether the client is ready for more
     */
    boolean part(HttpContent part) {
        HttpResponse head = held;
        if (head != null && part instanceof LastHttpContent last) {
            held = null;
            client.write(whole(head, last), client.voidPromise());
        } else {
            writeHeld();
            client.write(part, client.voidPromise());
        }
        if (!client.channel().isWritable()) {
            client.flush();
        }
        return client.channel().isWritable();
    }

    private static FullHttpResponse whole(HttpResponse head, LastHttpContent last) {
        return new DefaultFullHttpResponse(
                head.protocolVersion(), head.status(), last.content(), head.headers(), last.trailingHeaders());
    }

    private void writeHeld() {
        HttpResponse head = held;
        if (head != null) {
            held = null;
            client.write(head, client.voidPromise());
        }
    }

    void flush() {
        writeHeld();
        client.flush();
    }

    /** Cuts the connection, so that a truncated answer never looks whole; where its end would tell the end, by a reset. */
    void cut() {
        if (closeDelimited) {
            client.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        } else {
            flush();
        }
        client.close();
    }
}
