package io.velo.config;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Logins of browsers at an OpenID provider.
 *
 * @param issuer the provider, as it names itself; its own metadata say where everything else is
 * @param clientId Velo's name there
 * @param clientSecret Velo's secret there; empty if it has none
 * @param cookieSecret cookies are sealed by it, the same for all instances of Velo, at least 32 characters; the client's secret if
 *     empty
 * @param scopes what is asked for
 * @param redirectPath to where the provider sends browsers; it must be known there
 * @param logoutPath where sessions end; empty for nowhere
 * @param loggedOutPath to where browsers are sent from there
 * @param externalUrl scheme and host by which browsers know Velo, such as https://shop.example.org; empty for those of their requests
 * @param cookieName name of the cookie with the session
 * @param sessionLifetime from one login to the next
 * @param timeout bounds the exchange of a code for tokens
 * @param principalClaim the claim that is the name
 * @param rolesClaim the claim that has the roles; with dots for one inside another
 * @param algorithms by which tokens may be signed
 * @param clockSkew by how much clocks may differ
 * @param refresh age from which on keys and metadata are fetched again
 * @param minRefresh shortest time between two fetches
 */
record OidcProperties(
        @DefaultValue("") String issuer,
        @DefaultValue("") String clientId,
        @DefaultValue("") String clientSecret,
        @DefaultValue("") String cookieSecret,
        @DefaultValue("openid") List<String> scopes,
        @DefaultValue("/oauth2/callback") String redirectPath,
        @DefaultValue("/oauth2/logout") String logoutPath,
        @DefaultValue("/") String loggedOutPath,
        @DefaultValue("") String externalUrl,
        @DefaultValue("velo_session") String cookieName,
        @DefaultValue("8h") Duration sessionLifetime,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("sub") String principalClaim,
        @DefaultValue("roles") String rolesClaim,
        @DefaultValue({"RS256", "PS256", "ES256"}) Set<String> algorithms,
        @DefaultValue("60s") Duration clockSkew,
        @DefaultValue("5m") Duration refresh,
        @DefaultValue("10s") Duration minRefresh) {

    /** By what cookies are sealed. */
    String seal() {
        return cookieSecret.isEmpty() ? clientSecret : cookieSecret;
    }

    /** Without secrets, for logs. */
    @Override
    public String toString() {
        return "Oidc[issuer=" + issuer + ", clientId=" + clientId + ", clientSecret "
                + (clientSecret.isEmpty() ? "missing" : "set") + ", cookieSecret "
                + (cookieSecret.isEmpty() ? "missing]" : "set]");
    }
}
