package io.velo.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What a backend says to a client that asks for a WebSocket: reckoned apart from Velo's own reckoning, which it checks. */
public final class WebSocketHandshake {

    private WebSocketHandshake() {}

    /** {@code Sec-WebSocket-Accept} for a {@code Sec-WebSocket-Key}, see RFC 6455, 4.2.2. */
    public static String accept(String key) throws IOException {
        try {
            byte[] proof = MessageDigest.getInstance("SHA-1")
                    .digest((key.strip() + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(proof);
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }
}
