package io.velo.auth;

import io.velo.access.AccessRule;
import io.velo.access.Mechanism;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who may pass, and how clients prove who they are.
 *
 * @param rules in their order
 * @param headers by which backends are told
 */
public record AuthSettings(
        List<AccessRule> rules,
        Jwt jwt,
        Basic basic,
        ApiKeys apiKeys,
        OidcSettings oidc,
        Forward forward,
        Headers headers) {
    public AuthSettings {
        rules = List.copyOf(rules);
    }

    /** Everybody may pass. */
    public static final AuthSettings OPEN = new AuthSettings(
            List.of(), Jwt.NONE, Basic.NONE, ApiKeys.NONE, OidcSettings.NONE, Forward.NONE, Headers.NONE);

    /** The mechanisms that rules name. */
    Set<Mechanism> mechanisms() {
        Set<Mechanism> all = EnumSet.noneOf(Mechanism.class);
        rules.forEach(rule -> all.addAll(rule.anyOf()));
        return all;
    }

    /**
     * Signed tokens.
     *
     * @param issuer who signs them; empty for anybody who has the key
     * @param jwkSetUri where the keys are; empty for the place that the issuer tells, or for none
     * @param keys a JWK set; empty if the keys are elsewhere
     * @param audiences of which a token must name one; empty for any
     * @param algorithms by which tokens may be signed
     * @param refresh time after which keys are fetched again
     * @param minRefresh shortest time between two fetches
     */
    public record Jwt(
            String issuer,
            String jwkSetUri,
            String keys,
            List<String> audiences,
            Set<String> algorithms,
            Names names,
            Duration clockSkew,
            Duration refresh,
            Duration minRefresh) {

        static final Jwt NONE = new Jwt(
                "",
                "",
                "",
                List.of(),
                Set.of(),
                new Names("sub", "roles", Set.of()),
                Duration.ZERO,
                Duration.ofMinutes(5),
                Duration.ofSeconds(10));

        public Jwt {
            audiences = List.copyOf(audiences);
            algorithms = Set.copyOf(algorithms);
        }

        @Override
        public String toString() {
            return "Jwt[" + issuer + "]";
        }
    }

    /**
     * What is what in a token.
     *
     * @param principal name of the claim that is the client's name
     * @param roles name of the claim that has the roles; with dots for one inside another
     * @param claims names of others that somebody wants to know
     */
    public record Names(String principal, String roles, Set<String> claims) {
        public Names {
            claims = Set.copyOf(claims);
        }
    }

    /**
     * Names and passwords.
     *
     * @param users by name
     * @param cacheTime for how long a password that was right is right again without another look
     */
    public record Basic(String realm, Map<String, User> users, Duration cacheTime) {

        static final Basic NONE = new Basic("velo", Map.of(), Duration.ofMinutes(1));

        public Basic {
            users = Map.copyOf(users);
        }
    }

    /**
     * Who shows a password.
     *
     * @param hash by bcrypt
     */
    public record User(String hash, Set<String> roles) {
        public User {
            roles = Set.copyOf(roles);
        }

        @Override
        public String toString() {
            return "User[" + roles + "]";
        }
    }

    /**
     * Keys.
     *
     * @param header name of the field; empty for none
     * @param query name of the parameter; empty for none
     * @param keys who has a key, by its SHA-256 in lower-case hex
     */
    public record ApiKeys(String header, String query, Map<String, Key> keys) {

        static final ApiKeys NONE = new ApiKeys("", "", Map.of());

        public ApiKeys {
            keys = Map.copyOf(keys);
        }

        @Override
        public String toString() {
            return "ApiKeys[" + keys.values() + "]";
        }
    }

    /** Who shows a key. */
    public record Key(String id, Set<String> roles) {
        public Key {
            roles = Set.copyOf(roles);
        }
    }

    /**
     * Somebody who is asked.
     *
     * @param url where
     * @param requestHeaders fields of the request that are passed on to there
     * @param responseHeaders fields of the answer that the backend gets
     * @param userHeader field of the answer that has the client's name
     * @param rolesHeader field of the answer that has the roles, with commas between
     * @param allowOnFailure whether requests pass if nobody answers
     */
    public record Forward(
            String url,
            Duration timeout,
            List<String> requestHeaders,
            List<String> responseHeaders,
            String userHeader,
            String rolesHeader,
            boolean allowOnFailure) {

        static final Forward NONE = new Forward("", Duration.ofSeconds(1), List.of(), List.of(), "", "", false);

        public Forward {
            requestHeaders = List.copyOf(requestHeaders);
            responseHeaders = List.copyOf(responseHeaders);
        }
    }

    /**
     * Fields by which backends are told.
     *
     * @param claims names of claims by field
     */
    public record Headers(String user, String roles, Map<String, String> claims) {

        static final Headers NONE = new Headers("", "", Map.of());

        public Headers {
            claims = Map.copyOf(claims);
        }
    }
}
