package io.velo.auth;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.cookie.CookieHeaderNames.SameSite;
import io.netty.handler.codec.http.cookie.DefaultCookie;
import io.netty.handler.codec.http.cookie.ServerCookieEncoder;
import io.velo.access.AccessRequest;
import io.velo.access.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The cookies that browsers keep for Velo: none is for scripts, none goes along with requests that other sites make. */
final class OidcCookies {

    /** Some of one name may have been set for other paths or domains, by whomever. */
    private static final int MOST = 4;

    private OidcCookies() {}

    /** The values under a name, few of them at most. */
    static List<String> values(AccessRequest request, String name) {
        List<String> found = new ArrayList<>();
        for (String field : request.headers("Cookie")) {
            int at = 0;
            while (at < field.length() && found.size() < MOST) {
                int semicolon = field.indexOf(';', at);
                int end = semicolon < 0 ? field.length() : semicolon;
                String pair = field.substring(at, end).strip();
                if (pair.length() > name.length() && pair.startsWith(name) && pair.charAt(name.length()) == '=') {
                    found.add(pair.substring(name.length() + 1));
                }
                at = end + 1;
            }
        }
        return found;
    }

    /**
     * Sets one.
     *
     * @param secure whether it goes along by TLS alone
     */
    static Refusal.Field set(String name, String value, String path, Duration lifetime, boolean secure) {
        DefaultCookie cookie = new DefaultCookie(name, value);
        cookie.setPath(path);
        cookie.setMaxAge(lifetime.toSeconds());
        cookie.setHttpOnly(true);
        cookie.setSameSite(SameSite.Lax);
        cookie.setSecure(secure);
        return new Refusal.Field(HttpHeaderNames.SET_COOKIE.toString(), ServerCookieEncoder.STRICT.encode(cookie));
    }

    /** Takes one away. */
    static Refusal.Field clear(String name, String path, boolean secure) {
        return set(name, "", path, Duration.ZERO, secure);
    }
}
