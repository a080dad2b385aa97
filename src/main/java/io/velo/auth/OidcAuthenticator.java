package io.velo.auth;

import io.velo.access.AccessRequest;
import io.velo.access.Authenticator;
import io.velo.access.Evidence;
import io.velo.access.Evidence.Later;
import io.velo.access.Evidence.Proven;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Sessions of browsers. A browser without one is sent to the provider if it asks for a page; what scripts ask for is refused, since
 * nobody sees a login there.
 */
final class OidcAuthenticator implements Authenticator {

    private final OidcSettings.Places places;
    private final OidcSessions sessions;
    private final OidcLogins logins;
    private final OidcLogouts logouts;

    OidcAuthenticator(OidcSettings settings, OidcSessions sessions, OidcLogins logins, OidcLogouts logouts) {
        this.places = settings.places();
        this.sessions = sessions;
        this.logins = logins;
        this.logouts = logouts;
    }

    @Override
    public Set<String> ownPaths() {
        Set<String> paths = new HashSet<>(Set.of(places.callback(), places.logout()));
        paths.remove("");
        return paths;
    }

    @Override
    public Evidence examine(AccessRequest request) {
        if (request.path().equals(places.callback())) {
            return new Later(logins.finish(request).toFuture());
        }
        if (request.path().equals(places.logout())) {
            return new Later(logouts.end(request).toFuture());
        }
        Evidence session = sessions.of(request);
        return session instanceof Proven || !isForPage(request)
                ? session
                : new Later(logins.begin(request).toFuture());
    }

    /** Whether a person waits for a page. What browsers say of that themselves (Fetch Metadata) counts most. */
    private static boolean isForPage(AccessRequest request) {
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        return reads
                && request.header("Accept").orElse("").toLowerCase(Locale.ROOT).contains("text/html")
                && !request.header("X-Requested-With").orElse("").equalsIgnoreCase("XMLHttpRequest")
                && request.header("Sec-Fetch-Mode").orElse("navigate").equals("navigate");
    }

    /** There is no registered scheme for cookies; browsers ignore this one, and a 401 must have one. */
    @Override
    public String challenge(boolean wrong) {
        return "Cookie realm=\"velo\"";
    }
}
