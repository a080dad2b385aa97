package io.velo.wire.h2;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.util.AttributeKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * What holds for a stream that its client has asked to be a tunnel for a WebSocket (RFC 8441). The client says no key for the
 * handshake and looks at no answer to one, so Velo does both in its stead. Thread-safe.
 */
public final class Tunnel {

    private static final AttributeKey<Tunnel> OF_STREAM = AttributeKey.valueOf(Tunnel.class, "ofStream");

    /** RFC 6455 section 1.3. */
    private static final String OF_WEBSOCKETS = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final String key;
    private volatile boolean forHttp11;
    private volatile boolean broken;

    private Tunnel(String key) {
        this.key = key;
    }

    /** The one that a stream is to become; empty for any other channel. */
    public static Optional<Tunnel> of(Channel client) {
        return Optional.ofNullable(client.attr(OF_STREAM).get());
    }

    /**
     * The status that a client is told by an answer that is no switch: success would tell who has asked for a tunnel that there is
     * one.
     */
    public static HttpResponseStatus told(HttpResponseStatus answered, Channel client) {
        boolean misleads = answered.codeClass() == HttpStatusClass.SUCCESS
                && client.hasAttr(OF_STREAM) // which costs the others less than to look for it
                && of(client).isPresent();
        return misleads ? HttpResponseStatus.BAD_GATEWAY : answered;
    }

    /** Gives the request for one the key that backends of HTTP/1.1 ask for. */
    static Tunnel begin(Channel stream, HttpRequest request) {
        Tunnel begun = new Tunnel(keyOf(stream));
        stream.attr(OF_STREAM).set(begun);
        request.headers().set(HttpHeaderNames.SEC_WEBSOCKET_KEY, begun.key);
        return begun;
    }

    /** No other stream has it, here or elsewhere. */
    private static String keyOf(Channel stream) {
        UUID nonce = UUID.nameUUIDFromBytes(stream.id().asLongText().getBytes(StandardCharsets.US_ASCII));
        byte[] key = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(nonce.getMostSignificantBits())
                .putLong(nonce.getLeastSignificantBits())
                .array();
        return Base64.getEncoder().encodeToString(key);
    }

    /** Whether a backend that switches shows that it has understood the handshake (RFC 6455 section 4.1). */
    public boolean isAgreedBy(HttpResponse switching) {
        return acceptOf(key).equals(switching.headers().get(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT));
    }

    /** What a backend answers to a key. */
    static String acceptOf(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] proof = sha1.digest((key + OF_WEBSOCKETS).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(proof);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** Whoever serves this WebSocket can do so by HTTP/1.1 alone: in place of an answer the client is told to come by that. */
    public void leaveToHttp11() {
        forHttp11 = true;
    }

    boolean isForHttp11() {
        return forHttp11;
    }

    /** The other end has been lost, so the stream is to end as a connection does that is reset. */
    public void breakOff() {
        broken = true;
    }

    boolean isBroken() {
        return broken;
    }
}
