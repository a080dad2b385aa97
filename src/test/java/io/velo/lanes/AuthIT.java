package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.auth.BadTokens;
import io.velo.auth.Tokens;
import io.velo.change.Reload;
import io.velo.change.Reloads;
import io.velo.route.Lane;
import io.velo.testing.ConfigFile;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** Who may pass, by each mechanism, on both lanes. One Velo for all. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthIT {

    private static final String HASH = new BCryptPasswordEncoder(4).encode("s3cret");
    private static final Tokens ISSUER = new Tokens("k1");
    private static final Tokens NEXT = new Tokens("k2");

    private static final String RULES = """
            lb.auth:
              rules:
                - { paths: [ /jwt/admin/** ], any-of: [ jwt ], roles: [ admin ], claims: [ scope=write ] }
                - { paths: [ /jwt/** ], any-of: [ jwt ] }
                - { paths: [ /basic/** ], any-of: [ basic ], roles: [ dev, admin ] }
                - { paths: [ /key/** ], any-of: [ api-key ] }
                - { paths: [ /any/** ], any-of: [ jwt, basic, api-key ] }
                - { paths: [ /ask/** ], any-of: [ forward-auth ], claims: [ x-tenant=t1 ] }
                - { paths: [ /certificate ], any-of: [ client-certificate ] }
                - { paths: [ /inside ], allow-addresses: [ 10.0.0.0/8, "fd00::/8" ], deny-addresses: [ 10.6.6.0/24 ] }
                - { paths: [ /near ], allow-addresses: [ 127.0.0.0/8 ] }
                - { hosts: [ "*.secret.test" ], any-of: [ api-key ] }
              headers: { user: X-Auth-User, roles: X-Auth-Roles, claims: [ X-Scope=scope ] }
            """;

    @Parameter
    private Lane lane;

    private volatile String published;
    private RawBackend backend;
    private RawBackend keys;
    private RawBackend judge;
    private ConfigFile file;
    private RunningVelo velo;
    private int before;

    private static void judge(RawBackend.Exchange exchange) throws IOException {
        String user = exchange.field("Authorization");
        if (user.equals("ok")) {
            exchange.send("HTTP/1.1 200 OK\r\nRemote-User: judged\r\nRemote-Groups: a, b\r\nX-Tenant: t1\r\n"
                    + "X-Other: o\r\nContent-Length: 2\r\n\r\nok");
        } else if (user.equals("stranger")) {
            exchange.send("HTTP/1.1 204 No Content\r\nX-Tenant: t2\r\n\r\n");
        } else if (user.equals("broken")) {
            exchange.send("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
        } else if (user.equals("silent")) {
            exchange.reset();
        } else {
            exchange.send(
                    "HTTP/1.1 302 Found\r\nLocation: https://login.test/?to=" + exchange.field("X-Forwarded-Uri")
                            + "\r\nSet-Cookie: a=b\r\nX-Internal: no\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nlogin");
        }
    }

    private String[] settings(String rules, String jwt) {
        return new String[] {
            "lb.health.enabled: false",
            ConfigFile.backends(backend),
            rules,
            "  jwt: { issuer: \"" + Tokens.ISSUER + "\", audiences: [ " + Tokens.AUDIENCE + " ], min-refresh: 1ms, "
                    + jwt + " }",
            "  basic.users: [ { name: ann, password: \"" + HASH + "\", roles: [ dev ] }," + " { name: bob, password: \""
                    + HASH + "\" } ]",
            "  api-keys: { query: key, keys: [ { id: shop, hash: " + sha256("k123456789") + ", roles: [ reader ] } ] }",
            "  forward: { url: \"" + judge.url() + "/check\", timeout: 20s, response-headers: [ X-Tenant ] }"
        };
    }

    private static String sha256(String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeParameterizedClassInvocation
    void start(Lane of, @TempDir Path directory) throws IOException {
        lane = of;
        published = Tokens.published(ISSUER);
        backend = RawBackend.doing(exchange -> {
            exchange.body();
            exchange.answer(200, "passed");
        });
        keys = RawBackend.doing(exchange -> exchange.answer(200, published));
        judge = RawBackend.doing(AuthIT::judge);
        file = ConfigFile.in(directory, settings(RULES, "jwk-set-uri: \"" + keys.url() + "/jwks\""));
        velo = RunningVelo.with(lane, file.property(), "lb.reload.watch=false", "lb.forwarded.trusted=127.0.0.1");
    }

    @BeforeEach
    void count() {
        before = backend.requests();
    }

    @AfterEach
    void nothingIsLeft() {
        velo.awaitIdle();
    }

    @AfterParameterizedClassInvocation
    void stop() throws IOException {
        velo.close();
        backend.close();
        keys.close();
        judge.close();
    }

    private Answer get(String target, String... fields) throws IOException {
        return RawClient.ask(velo.port(), request("GET", target, fields));
    }

    private static String request(String method, String target, String... fields) {
        StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: velo.test\r\n");
        for (String field : fields) {
            request.append(field).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    private static String basic(String credentials) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    private void passed(Answer answer) {
        assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("passed");
        before = backend.requests();
    }

    private void refused(String what, Answer answer, int status, String challenge) {
        assertThat(answer.status()).as(what + ": " + answer.body()).isEqualTo(status);
        assertThat(answer.field("WWW-Authenticate")).as(what).isEqualTo(challenge);
        assertThat(answer.field("Content-Type")).isEqualTo("application/problem+json");
        assertThat(backend.requests()).as(what + " reached the backend").isEqualTo(before);
    }

    private String lastHead() {
        return backend.heads().get(backend.requests() - 1);
    }

    @Test
    void takesThisLane() throws IOException {
        long taken = velo.requests(lane);

        passed(get("/open"));
        passed(get("/jwt/x", bearer(ISSUER.token(Tokens.claims("ann")))));

        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(velo.requests(lane)).isGreaterThanOrEqualTo(taken + 2));
    }

    @Test
    void goodTokensPassAndTheBackendIsToldWhose() throws IOException {
        String token = ISSUER.token(
                Tokens.claims("ann b").claim("roles", List.of("admin", "dev")).claim("scope", "read write"));

        passed(get(
                "/jwt/x", bearer(token), "X-Auth-User: root", "x_auth_roles: root", "X-SCOPE: all", "X-Other: kept"));

        assertThat(lastHead())
                .contains("X-Auth-User: ann%20b", "X-Auth-Roles: ", "X-Scope: read,write", "X-Other: kept")
                .doesNotContain("root\r\n", ": all\r\n");
        passed(get("/jwt/admin/x", bearer(token)));
    }

    @Test
    void badTokensDoNot() throws IOException {
        int[] count = {0};
        for (var each : BadTokens.of(ISSUER).entrySet()) {
            count[0]++;
            refused(
                    each.getKey(),
                    get("/jwt/x", bearer(each.getValue())),
                    401,
                    "Bearer realm=\"velo\", error=\"invalid_token\"");
        }
        refused("none", get("/jwt/x"), 401, "Bearer realm=\"velo\"");
        refused("another scheme", get("/jwt/x", basic("ann:s3cret")), 401, "Bearer realm=\"velo\"");
        String good = bearer(ISSUER.token(Tokens.claims("ann")));
        refused("two", get("/jwt/x", good, good), 400, "");
        assertThat(count[0]).isGreaterThan(10);
    }

    @Test
    void rolesAndClaimsAreNeeded() throws IOException {
        String dev = ISSUER.token(Tokens.claims("ann").claim("roles", "dev").claim("scope", "write"));
        String reader =
                ISSUER.token(Tokens.claims("ann").claim("roles", "admin").claim("scope", "read"));

        refused("no admin", get("/jwt/admin", bearer(dev)), 403, "");
        refused("no writer", get("/jwt/admin/x", bearer(reader)), 403, "");
    }

    @Test
    void keysMayBeRotated() throws IOException {
        String token = NEXT.token(Tokens.claims("ann"));
        refused(
                "a key that isn't known yet",
                get("/jwt/x", bearer(token)),
                401,
                "Bearer realm=\"velo\", error=\"invalid_token\"");

        published = Tokens.published(ISSUER, NEXT);
        await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> passed(get("/jwt/x", bearer(token))));

        int fetches = keys.requests();
        passed(get("/jwt/x", bearer(token)));
        assertThat(keys.requests()).as("a token is checked once").isEqualTo(fetches);
    }

    @Test
    void passwordsPass() throws IOException {
        passed(get("/basic/x", basic("ann:s3cret")));
        assertThat(lastHead()).contains("X-Auth-User: ann\r\n", "X-Auth-Roles: dev\r\n");
        passed(get("/basic/x", basic("ann:s3cret")));
    }

    @Test
    void wrongPasswordsDoNot() throws IOException {
        String challenge = "Basic realm=\"velo\", charset=\"UTF-8\"";
        for (String wrong : List.of("ann:wrong", "ann:", "ann", "eve:s3cret", ":", "ann:" + "x".repeat(2000))) {
            refused(wrong, get("/basic/x", basic(wrong)), 401, challenge);
        }
        refused("none", get("/basic/x"), 401, challenge);
        refused("no role", get("/basic/x", basic("bob:s3cret")), 403, "");
        refused("two", get("/basic/x", basic("ann:s3cret"), basic("ann:s3cret")), 400, "");
    }

    @Test
    void keysPass() throws IOException {
        passed(get("/key/x", "x-api-key: k123456789"));
        assertThat(lastHead()).contains("X-Auth-User: shop\r\n", "X-Auth-Roles: reader\r\n");
        passed(get("/key/x?a=b&key=k123456789"));
    }

    @Test
    void wrongKeysDoNot() throws IOException {
        String challenge = "ApiKey realm=\"velo\"";
        refused("none", get("/key/x"), 401, challenge);
        refused("another", get("/key/x", "X-API-Key: k12345678"), 401, challenge);
        refused("its hash", get("/key/x", "X-API-Key: " + sha256("k123456789")), 401, challenge);
        refused("too long", get("/key/x", "X-API-Key: " + "k".repeat(5000)), 401, challenge);
        refused("two", get("/key/x", "X-API-Key: k123456789", "X-API-Key: x"), 400, "");
        refused("two", get("/key/x?key=k123456789", "X-API-Key: k123456789"), 400, "");
    }

    @Test
    void oneOfSeveralIsEnough() throws IOException {
        passed(get("/any/x", "X-API-Key: k123456789"));
        passed(get("/any/x", basic("bob:s3cret")));
        passed(get("/any/x", bearer("wrong"), "X-API-Key: k123456789"));
        Answer none = get("/any/x");
        refused("none", none, 401, "ApiKey realm=\"velo\"");
        assertThat(none.head()).contains("Bearer realm", "Basic realm");
    }

    @Test
    void somebodyElseMayBeAsked() throws IOException {
        passed(get("/ask/x?a=b", "Authorization: ok", "X-Tenant: forged", "X-Secret: s"));
        assertThat(lastHead())
                .contains("X-Auth-User: judged\r\n", "X-Auth-Roles: ", "X-Tenant: t1\r\n")
                .doesNotContain("forged", "X-Other");
        assertThat(judge.heads().get(judge.requests() - 1))
                .contains(
                        "GET /check",
                        "X-Forwarded-Method: GET",
                        "X-Forwarded-Uri: /ask/x?a=b",
                        "X-Forwarded-Host: velo.test",
                        "X-Forwarded-For: 127.0.0.1",
                        "X-Forwarded-Proto: http")
                .doesNotContain("X-Secret");
    }

    @Test
    void andMayRefuse() throws IOException {
        Answer login = get("/ask/x?a=b");

        assertThat(login.status()).isEqualTo(302);
        assertThat(login.field("Location")).isEqualTo("https://login.test/?to=/ask/x?a=b");
        assertThat(login.field("Set-Cookie")).isEqualTo("a=b");
        assertThat(login.head()).doesNotContain("X-Internal");
        assertThat(login.body()).isEqualTo("login");
        refused("of another tenant", get("/ask/x", "Authorization: stranger"), 403, "");
        refused("it fails", get("/ask/x", "Authorization: broken"), 503, "");
        refused("it leaves", get("/ask/x", "Authorization: silent"), 503, "");
    }

    @Test
    void withoutACertificateThereIsNoWay() throws IOException {
        refused("by plain HTTP", get("/certificate"), 403, "");
    }

    @Test
    void addressesDecide() throws IOException {
        refused("from here", get("/inside"), 403, "");
        passed(get("/inside", "X-Forwarded-For: 10.1.2.3"));
        passed(get("/inside", "X-Forwarded-For: ::ffff:10.1.2.3"));
        passed(get("/inside", "X-Forwarded-For: fd00::1"));
        for (String elsewhere : List.of("11.1.2.3", "10.6.6.6", "::ffff:10.6.6.6", "unknown", "10.1.2.3, 11.1.2.3")) {
            refused(elsewhere, get("/inside", "X-Forwarded-For: " + elsewhere), 403, "");
        }
        passed(get("/near"));
    }

    @Test
    void noOtherWritingOfAPathLeadsAroundARule() throws IOException {
        for (String path : List.of(
                "/%6bey/x",
                "/key",
                "/key/",
                "/key;a=b/../key",
                "//key/x",
                "/KEY/x",
                "/x/../key/x",
                "/x/%2e%2e/key/x",
                "/x%2f../key",
                "/./key/x",
                "/%256bey/x",
                "/x/..;/key/x",
                "/key%00",
                "/x\\..\\key",
                "/;/key/x",
                "/x/..%2fkey",
                "/key;jsessionid=1/x")) {
            Answer answer = get(path);
            assertThat(answer.status()).as(path).isIn(400, 401);
            assertThat(backend.requests()).as(path).isEqualTo(before);
        }
        assertThat(RawClient.ask(velo.port(), "GET http://velo.test/key/x HTTP/1.1\r\nHost: velo.test\r\n\r\n")
                        .status())
                .isEqualTo(401);
        assertThat(RawClient.ask(velo.port(), "GET /x HTTP/1.1\r\nHost: A.Secret.Test.:80\r\n\r\n")
                        .status())
                .isEqualTo(401);
        for (String host : List.of("a%2esecret.test", "a.%73ecret.test", "a.secret.test%2e", "a.secret.test..")) {
            assertThat(RawClient.ask(velo.port(), "GET /x HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .status())
                    .as(host)
                    .isIn(400, 401);
        }
        assertThat(backend.requests()).isEqualTo(before);
    }

    @Test
    void nobodyForgesAnIdentityWhereNobodyAsks() throws IOException {
        passed(get("/open", "X-Auth-User: root", "X_Auth_User: root", "X-Auth-Roles: root", "Connection: X-Auth-User"));

        assertThat(lastHead()).doesNotContain("root");
    }

    @Test
    void velosOwnEndpointsHaveTheirOwnRules() throws IOException {
        assertThat(get("/actuator/health").status()).isEqualTo(200);
        assertThat(get("/livez").status()).isEqualTo(200);
    }

    @Test
    void refusalsAreCounted() throws IOException {
        long counted = velo.requests("failed", "unauthenticated");

        get("/key/x");

        await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> assertThat(velo.requests("failed", "unauthenticated"))
                .isEqualTo(counted + 1));
    }

    @Test
    void otherRulesTakeEffectAtOnce() throws IOException {
        Reloads reloads = velo.context().getBean(Reloads.class);
        String[] old = settings(RULES, "jwk-set-uri: \"" + keys.url() + "/jwks\"");
        passed(get("/new"));
        try {
            file.write(settings(RULES.replace("/inside", "/new"), "jwk-set-uri: \"" + keys.url() + "/jwks\""));
            Reload reload = reloads.reload("test");
            assertThat(reload.result()).as(reload.toString()).isEqualTo(Reload.Result.APPLIED);
            assertThat(reload.needsRestart()).isEmpty();
            assertThat(get("/new").status()).isEqualTo(403);
            passed(get("/inside"));

            file.write(settings(RULES.replace("/inside", "inside"), "public-key-location: /none"));
            Reload refused = reloads.reload("test");
            assertThat(refused.result()).isEqualTo(Reload.Result.REFUSED);
            assertThat(refused.problems().toString())
                    .contains("lb.auth.rules[7].paths[0]", "LB_AUTH_RULES_7_PATHS_0", "'inside'")
                    .doesNotContain(HASH);
            assertThat(get("/new").status()).isEqualTo(403);

            file.write("lb.health.enabled: false", ConfigFile.backends(backend));
            assertThat(reloads.reload("test").result()).isEqualTo(Reload.Result.APPLIED);
            passed(get("/key/x"));
            assertThat(reloads.inForce().toString()).doesNotContain(HASH, sha256("k123456789"));
        } finally {
            file.write(old);
            assertThat(reloads.reload("test").result()).isEqualTo(Reload.Result.APPLIED);
        }
        before = backend.requests();
        refused("as before", get("/key/x"), 401, "ApiKey realm=\"velo\"");
    }
}
