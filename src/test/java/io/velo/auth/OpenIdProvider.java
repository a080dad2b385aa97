package io.velo.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.velo.testing.RawBackend;
import io.velo.testing.RawBackend.Exchange;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** An OpenID provider: it describes itself, lets everybody log in at once, and gives each code's token once. */
public final class OpenIdProvider implements Closeable {

    public static final String CLIENT = "velo";
    public static final String SECRET = "an extremely secret secret of 40 letters";

    private final RawBackend server = RawBackend.doing(this::serve);
    private final Map<String, Map<String, String>> asked = new ConcurrentHashMap<>();
    private final AtomicInteger codes = new AtomicInteger();
    private volatile Tokens key = new Tokens("k1");
    private volatile UnaryOperator<JWTClaimsSet.Builder> claims = UnaryOperator.identity();
    private volatile Mood mood = Mood.WELL;

    /** How it is. */
    public enum Mood {
        WELL,
        /** It gives tokens that aren't signed. */
        UNSIGNED,
        /** It doesn't give tokens. */
        REFUSING,
        /** It answers with status 500. */
        BROKEN,
        /** It resets connections. */
        GONE
    }

    public String issuer() {
        return server.url();
    }

    public int port() {
        return server.port();
    }

    public void be(Mood next) {
        mood = next;
    }

    /** Changes what its tokens say. */
    public void say(UnaryOperator<JWTClaimsSet.Builder> next) {
        claims = next;
    }

    /** Signs by a new key alone. */
    public void rotate(String keyId) {
        key = new Tokens(keyId);
    }

    private void serve(Exchange exchange) throws IOException {
        QueryStringDecoder target = new QueryStringDecoder(exchange.target());
        switch (target.path()) {
            case "/.well-known/openid-configuration" -> json(exchange, 200, metadata());
            case "/jwks" -> json(exchange, 200, Tokens.published(key));
            case "/authorize" ->
                exchange.send(
                        "HTTP/1.1 302 Found\r\nLocation: " + loggedIn(flat(target)) + "\r\nContent-Length: 0\r\n\r\n");
            case "/token" -> token(exchange);
            default -> json(exchange, 404, "{}");
        }
    }

    private static void json(Exchange exchange, int status, String text) throws IOException {
        exchange.send("HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nContent-Length: " + text.length()
                + "\r\n\r\n" + text);
    }

    private String metadata() {
        return """
                { "issuer": "%1$s", "authorization_endpoint": "%1$s/authorize", "token_endpoint": "%1$s/token",
                  "jwks_uri": "%1$s/jwks", "end_session_endpoint": "%1$s/end?a=b" }""".formatted(issuer());
    }

    private static Map<String, String> flat(QueryStringDecoder query) {
        return query.parameters().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().get(0)));
    }

    private String loggedIn(Map<String, String> query) {
        String code = "code" + codes.incrementAndGet();
        asked.put(code, query);
        return query.get("redirect_uri") + "?code=" + code + "&state=" + query.get("state");
    }

    private void token(Exchange exchange) throws IOException {
        Map<String, String> form =
                flat(new QueryStringDecoder(new String(exchange.body(), StandardCharsets.ISO_8859_1), false));
        Map<String, String> query = asked.remove(form.getOrDefault("code", ""));
        if (mood == Mood.GONE) {
            exchange.reset();
        } else if (mood == Mood.BROKEN) {
            exchange.send("HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\noops");
        } else if (mood == Mood.REFUSING || query == null || !isRight(exchange, form, query)) {
            json(exchange, 400, "{\"error\":\"invalid_grant\"}");
        } else {
            json(
                    exchange,
                    200,
                    "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":60,\"id_token\":\""
                            + idToken(query.get("nonce")) + "\"}");
        }
    }

    private static boolean isRight(Exchange exchange, Map<String, String> form, Map<String, String> query) {
        return form.get("grant_type").equals("authorization_code")
                && exchange.field("Authorization").equals("Basic " + credentials())
                && form.get("redirect_uri").equals(query.get("redirect_uri"))
                && query.get("code_challenge_method").equals("S256")
                && sha256(form.get("code_verifier")).equals(query.get("code_challenge"));
    }

    /** Both are encoded as forms are (RFC 6749 section 2.3.1). */
    private static String credentials() {
        return Base64.getEncoder()
                .encodeToString((CLIENT + ":" + SECRET.replace(' ', '+')).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String sha256(String text) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String idToken(String nonce) {
        JWTClaimsSet.Builder token = claims.apply(new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(CLIENT)
                .subject("ann")
                .issueTime(Date.from(Instant.now()))
                .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                .claim("nonce", nonce));
        return mood == Mood.UNSIGNED ? new PlainJWT(token.build()).serialize() : key.token(token);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
