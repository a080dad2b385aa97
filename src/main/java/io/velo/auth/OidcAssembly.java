package io.velo.auth;

import io.velo.auth.AccessControl.Means;
import java.time.ZoneOffset;
import reactor.core.scheduler.Schedulers;

/** Puts together what logins need. */
final class OidcAssembly {

    private OidcAssembly() {}

    static OidcAuthenticator authenticator(OidcSettings settings, Means means) {
        OidcSettings.Trust trust = settings.trust();
        Outbound outbound = means.outbound();
        OidcProvider provider = new OidcProvider(
                settings.issuer(),
                () -> outbound.metadata(settings.issuer()),
                trust.refresh(),
                trust.minRefresh(),
                Schedulers.parallel());
        RemoteKeys keys = new RemoteKeys(
                () -> provider.endpoints().flatMap(endpoints -> outbound.text(endpoints.keys())),
                trust.refresh(),
                trust.minRefresh(),
                means.nanos());
        OidcSessions sessions = new OidcSessions(settings, means.clock());
        OidcLogouts logouts = new OidcLogouts(settings, provider, sessions, means.clock());
        OidcLogins.Parts parts = new OidcLogins.Parts(
                provider,
                new CodeExchange(outbound.web(), settings.timeout()),
                new IdTokens(trust, keys, means.clock().withZone(ZoneOffset.UTC)),
                sessions,
                logouts,
                means.secrets(),
                means.clock());
        return new OidcAuthenticator(
                settings, sessions, new OidcLogins(settings, parts, new OidcReports(means.nanos())), logouts);
    }
}
