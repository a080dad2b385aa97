package io.velo.auth;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Logins of browsers at an OpenID provider, and the sessions that follow.
 *
 * @param issuer the provider; its metadata say where everything else is
 * @param client as whom Velo asks it
 * @param places where logins end
 * @param session what follows one
 * @param trust what makes a token good
 * @param timeout bounds the exchange of a code for tokens
 */
public record OidcSettings(
        String issuer, Client client, Places places, Session session, Trust trust, Duration timeout) {

    static final OidcSettings NONE = new OidcSettings(
            "",
            new Client("", "", List.of()),
            new Places("", "", "", ""),
            new Session("", "", Duration.ZERO, new AuthSettings.Names("sub", "roles", Set.of())),
            new Trust(Set.of(), Duration.ZERO, Duration.ofMinutes(5), Duration.ofSeconds(10)),
            Duration.ZERO);

    /** Without secrets, for logs. */
    @Override
    public String toString() {
        return "Oidc[" + issuer + "]";
    }

    /**
     * Velo as the provider knows it.
     *
     * @param secret empty if it has none
     * @param scopes with {@code openid}
     */
    public record Client(String id, String secret, List<String> scopes) {
        public Client {
            scopes = List.copyOf(scopes);
        }

        @Override
        public String toString() {
            return "Client[" + id + "]";
        }
    }

    /**
     * Paths of Velo.
     *
     * @param callback where the provider sends browsers
     * @param logout where sessions end; empty if they can't
     * @param loggedOut where browsers go from there
     * @param origin scheme and authority by which browsers know Velo; empty for those of their requests
     */
    public record Places(String callback, String logout, String loggedOut, String origin) {}

    /**
     * What a browser keeps in its cookie.
     *
     * @param cookie its name
     * @param secret the cookie is sealed by it, the same for all instances of Velo
     * @param lifetime from login to the next login
     */
    public record Session(String cookie, String secret, Duration lifetime, AuthSettings.Names names) {
        @Override
        public String toString() {
            return "Session[" + cookie + "]";
        }
    }

    /**
     * What is checked of tokens.
     *
     * @param algorithms by which they may be signed
     * @param refresh time after which keys are fetched again
     * @param minRefresh shortest time between two fetches
     */
    public record Trust(Set<String> algorithms, Duration clockSkew, Duration refresh, Duration minRefresh) {
        public Trust {
            algorithms = Set.copyOf(algorithms);
        }
    }
}
