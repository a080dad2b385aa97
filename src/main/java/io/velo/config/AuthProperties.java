package io.velo.config;

import io.velo.access.Mechanism;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may pass.
 *
 * @param rules in their order: the first that is for a request counts; a request that none is for may pass
 * @param jwt signed tokens
 * @param basic names and passwords
 * @param apiKeys keys
 * @param oidc logins of browsers at an OpenID provider
 * @param forward somebody who is asked
 * @param headers fields by which backends are told who it is
 */
record AuthProperties(
        @DefaultValue List<Rule> rules,
        @DefaultValue Jwt jwt,
        @DefaultValue Basic basic,
        @DefaultValue ApiKeys apiKeys,
        @NestedConfigurationProperty @DefaultValue OidcProperties oidc,
        @DefaultValue Forward forward,
        @DefaultValue Headers headers) {

    /**
     * One rule.
     *
     * @param paths such as /api/**; empty for all
     * @param hosts such as api.example.org or *.example.org; empty for all
     * @param routes ids of routes; empty for all
     * @param allowAddresses networks (CIDR) from which clients may come; empty for all
     * @param denyAddresses networks (CIDR) from which they may not
     * @param anyOf mechanisms of which one must say who it is; empty for nobody asks
     * @param roles of which one is needed; empty for none
     * @param claims name=value; of several values of one name one is needed
     */
    record Rule(
            @DefaultValue List<String> paths,
            @DefaultValue List<String> hosts,
            @DefaultValue Set<String> routes,
            @DefaultValue List<String> allowAddresses,
            @DefaultValue List<String> denyAddresses,
            @DefaultValue Set<Mechanism> anyOf,
            @DefaultValue Set<String> roles,
            @DefaultValue List<String> claims) {}

    /**
     * Signed tokens in Authorization: Bearer.
     *
     * @param issuer who signs them, as the claim iss has it; without jwk-set-uri and public-key-location its own metadata
     *     say where its keys are
     * @param jwkSetUri where the keys are
     * @param publicKeyLocation a file with the keys in place of that: a JWK set, a public key or a certificate in PEM
     * @param audiences of which a token must name one; empty for any
     * @param algorithms by which tokens may be signed
     * @param principalClaim the claim that is the name
     * @param rolesClaim the claim that has the roles; with dots for one inside another
     * @param clockSkew by how much clocks may differ
     * @param refresh age from which on keys are fetched again
     * @param minRefresh shortest time between two fetches, whatever keys tokens name
     */
    record Jwt(
            @DefaultValue("") String issuer,
            @DefaultValue("") String jwkSetUri,
            @DefaultValue("") String publicKeyLocation,
            @DefaultValue List<String> audiences,
            @DefaultValue({"RS256", "PS256", "ES256"}) Set<String> algorithms,
            @DefaultValue("sub") String principalClaim,
            @DefaultValue("roles") String rolesClaim,
            @DefaultValue("60s") Duration clockSkew,
            @DefaultValue("5m") Duration refresh,
            @DefaultValue("10s") Duration minRefresh) {}

    /**
     * Names and passwords in Authorization: Basic.
     *
     * @param realm what browsers show
     * @param users who may pass
     * @param cacheTime for how long a password that was right needs no further look
     */
    record Basic(
            @DefaultValue("velo") String realm,
            @DefaultValue List<User> users,
            @DefaultValue("1m") Duration cacheTime) {}

    /**
     * Who shows a password.
     *
     * @param name of the user
     * @param password its hash by bcrypt
     * @param roles of the user
     */
    record User(
            @DefaultValue("") String name,
            @DefaultValue("") String password,
            @DefaultValue Set<String> roles) {

        /** Without the hash, for logs. */
        @Override
        public String toString() {
            return "User[" + name + "]";
        }
    }

    /**
     * Keys.
     *
     * @param header name of the field that has it; empty for none
     * @param query name of the parameter that has it; empty for none
     * @param keys who may pass
     */
    record ApiKeys(
            @DefaultValue("X-API-Key") String header,
            @DefaultValue("") String query,
            @DefaultValue List<Key> keys) {}

    /**
     * Who shows a key.
     *
     * @param id name of who has the key
     * @param hash SHA-256 of the key, in hex
     * @param roles of who has the key
     */
    record Key(
            @DefaultValue("") String id,
            @DefaultValue("") String hash,
            @DefaultValue Set<String> roles) {

        /** Without the hash, for logs. */
        @Override
        public String toString() {
            return "Key[" + id + "]";
        }
    }

    /** What to do if nobody answers. */
    enum OnFailure {
        /** The request is refused. */
        DENY,
        /** It passes, as nobody's. */
        ALLOW
    }

    /**
     * Somebody who is asked.
     *
     * @param url where
     * @param timeout bounds the whole question
     * @param requestHeaders fields of the request that it gets
     * @param responseHeaders fields of its answer that the backend gets
     * @param userHeader field of its answer that has the name
     * @param rolesHeader field of its answer that has the roles, with commas between
     * @param onFailure what to do if it doesn't answer: deny or allow
     */
    record Forward(
            @DefaultValue("") String url,
            @DefaultValue("2s") Duration timeout,

            @DefaultValue({"Authorization", "Cookie", "Accept", "User-Agent"})
            List<String> requestHeaders,

            @DefaultValue List<String> responseHeaders,
            @DefaultValue("Remote-User") String userHeader,
            @DefaultValue("Remote-Groups") String rolesHeader,
            @DefaultValue("deny") OnFailure onFailure) {}

    /**
     * Fields by which backends are told who it is. What a client sends under these names is taken out.
     *
     * @param user the name; empty for none
     * @param roles the roles, with commas between; empty for none
     * @param claims field=claim
     */
    record Headers(
            @DefaultValue("X-Auth-User") String user,
            @DefaultValue("X-Auth-Roles") String roles,
            @DefaultValue List<String> claims) {}
}
