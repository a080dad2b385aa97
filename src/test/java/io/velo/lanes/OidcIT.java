package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.JWTClaimsSet;
import io.velo.auth.OpenIdProvider;
import io.velo.auth.OpenIdProvider.Mood;
import io.velo.change.Reload;
import io.velo.change.Reloads;
import io.velo.route.Lane;
import io.velo.testing.Browser;
import io.velo.testing.ConfigFile;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
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

/** Logins of browsers at an OpenID provider, on both lanes. One Velo for all. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OidcIT {

    private static final String COOKIE = "velo_session";

    @Parameter
    private Lane lane;

    private RawBackend backend;
    private RawBackend judge;
    private OpenIdProvider provider;
    private ConfigFile file;
    private RunningVelo velo;
    private Browser browser;

    private String[] settings(String issuer, String more) {
        return new String[] {
            "lb.health.enabled: false",
            ConfigFile.backends(backend),
            """
            lb.auth:
              rules:
                - { paths: [ /team/** ], any-of: [ oidc ], roles: [ admin ] }
                - { paths: [ /page/** ], any-of: [ oidc ] }
                - { paths: [ /either/** ], any-of: [ oidc, api-key ] }
                - { paths: [ /ask/** ], any-of: [ forward-auth ] }
                - { hosts: [ all.test ], any-of: [ oidc ] }
              headers.claims: [ X-Tenant=tenant ]
              api-keys.keys: [ { id: shop, hash: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 } ]
              oidc: { issuer: "%s", client-id: %s, client-secret: "%s", logged-out-path: /bye, min-refresh: 1ms, %s }""".formatted(issuer, OpenIdProvider.CLIENT, OpenIdProvider.SECRET, more),
            "  forward: { url: \"" + judge.url() + "/check\", timeout: 20s }"
        };
    }

    @BeforeParameterizedClassInvocation
    void start(Lane of, @TempDir Path directory) throws IOException {
        lane = of;
        backend = RawBackend.doing(exchange -> {
            exchange.body();
            exchange.answer(200, "passed");
        });
        judge = RawBackend.saying("yes");
        provider = new OpenIdProvider();
        file = ConfigFile.in(directory, settings(provider.issuer(), "timeout: 20s"));
        velo = RunningVelo.with(lane, file.property(), "lb.reload.watch=false", "lb.forwarded.trusted=127.0.0.1");
    }

    @BeforeEach
    void open() {
        browser = new Browser(velo.port());
        provider.be(Mood.WELL);
        provider.say(UnaryOperator.identity());
    }

    @AfterEach
    void nothingIsLeft() {
        velo.awaitIdle();
    }

    @AfterParameterizedClassInvocation
    void stop() throws IOException {
        velo.close();
        backend.close();
        judge.close();
        provider.close();
    }

    private String lastHead() {
        return backend.heads().get(backend.requests() - 1);
    }

    /** Asks for a page and goes to the provider; what that sends the browser back to. */
    private String begin(String page, String... fields) throws IOException {
        Answer sent = browser.page(page, fields);
        assertThat(sent.status()).as(sent.head() + sent.body()).isEqualTo(302);
        assertThat(sent.field("Location")).startsWith(provider.issuer() + "/authorize?");
        Answer back = RawClient.get(provider.port(), Browser.target(sent.field("Location")));
        assertThat(back.status()).isEqualTo(302);
        return back.field("Location");
    }

    private Answer finish(String location) throws IOException {
        return browser.page(Browser.target(location));
    }

    private Answer login(String page) throws IOException {
        return finish(begin(page));
    }

    private void refused(String what, Answer answer, int status) {
        assertThat(answer.status())
                .as(what + ": " + answer.head() + answer.body())
                .isEqualTo(status);
        assertThat(answer.field("Content-Type")).isEqualTo("application/problem+json");
        assertThat(browser.cookies()).as(what).doesNotContain(COOKIE);
    }

    @Test
    void letsBrowsersInAndBackToTheirPage() throws IOException {
        long taken = velo.requests(lane);
        provider.say(claims -> claims.claim("tenant", "t1").claim("roles", List.of("dev")));
        String back = begin("/page/a?b=c&d=%2F");
        assertThat(back).startsWith("http://velo.test/oauth2/callback?code=");
        assertThat(browser.cookies()).singleElement().asString().startsWith(COOKIE + "_login_");

        Answer in = finish(back);

        assertThat(in.status()).as(in.body()).isEqualTo(302);
        assertThat(in.field("Location")).isEqualTo("/page/a?b=c&d=%2F");
        assertThat(in.field("Cache-Control")).isEqualTo("no-store");
        assertThat(Browser.setCookies(in)).first().asString().contains("HTTPOnly", "SameSite=Lax", "Path=/;");
        assertThat(browser.cookies()).containsExactly(COOKIE, COOKIE + "_logout");
        assertThat(browser.with("other", "kept")
                        .page("/page/a?b=c", "X-Auth-User: root", "X_Tenant: t2")
                        .body())
                .isEqualTo("passed");
        assertThat(lastHead())
                .contains("X-Auth-User: ann\r\n", "X-Auth-Roles: dev\r\n", "X-Tenant: t1\r\n", "Cookie: other=kept\r\n")
                .doesNotContain(COOKIE, "root", "t2");
        assertThat(browser.script("/page/x").status()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(velo.requests(lane)).isGreaterThanOrEqualTo(taken + 4));
    }

    @Test
    void backendsNeverGetItsCookies() throws IOException {
        login("/page");
        int before = backend.requests();

        assertThat(browser.page("/open").body()).isEqualTo("passed");

        assertThat(backend.requests()).isEqualTo(before + 1);
        assertThat(lastHead()).doesNotContain("Cookie", COOKIE, "X-Auth-User");
    }

    @Test
    void norDoesWhoIsAskedInstead() throws IOException {
        login("/page");
        assertThat(browser.cookies()).containsExactly(COOKIE, COOKIE + "_logout");

        assertThat(browser.page("/ask/x").body()).isEqualTo("passed");
        assertThat(lastQuestion()).doesNotContainIgnoringCase("Cookie:").doesNotContain(COOKIE);
        assertThat(browser.with("other", "kept").page("/ask/x").body()).isEqualTo("passed");
        assertThat(lastQuestion())
                .containsIgnoringCase("Cookie: other=kept\r\n")
                .doesNotContain(COOKIE);
    }

    @Test
    void whoIsAskedGetsTheCookiesOfAnotherName() throws IOException {
        login("/page");
        String session = browser.cookie(COOKIE);
        browser.with("mine_login", "x").with("mine", session);
        assertThat(browser.page("/ask/x").body()).isEqualTo("passed");
        assertThat(lastQuestion()).contains("mine_login=x; mine=" + session).doesNotContain(COOKIE);
        try {
            reload(settings(provider.issuer(), "cookie-name: mine"));
            assertThat(browser.page("/ask/x").body()).isEqualTo("passed");
            assertThat(lastQuestion()).contains(COOKIE + "=" + session).doesNotContain("mine");
        } finally {
            reload(settings(provider.issuer(), "timeout: 20s"));
        }
    }

    private String lastQuestion() {
        return judge.heads().get(judge.requests() - 1);
    }

    @Test
    void scriptsAreToldInsteadOfSentAway() throws IOException {
        for (Answer answer : List.of(
                browser.script("/page"),
                browser.page("/page", "X-Requested-With: XMLHttpRequest"),
                browser.page("/page", "Sec-Fetch-Mode: cors"),
                RawClient.ask(
                        velo.port(),
                        "POST /page HTTP/1.1\r\nHost: velo.test\r\nAccept: text/html\r\nContent-Length: 0\r\n\r\n"))) {
            refused("no page", answer, 401);
            assertThat(answer.field("WWW-Authenticate")).isEqualTo("Cookie realm=\"velo\"");
        }
        assertThat(browser.page("/page", "Sec-Fetch-Mode: navigate").status()).isEqualTo(302);
    }

    @Test
    void otherMechanismsGoBeside() throws IOException {
        assertThat(browser.script("/either", "X-API-Key: test").body()).isEqualTo("passed");
        assertThat(browser.page("/either").status()).isEqualTo(302);
        login("/either");
        assertThat(browser.page("/either").body()).isEqualTo("passed");
    }

    @Test
    void rolesAreNeeded() throws IOException {
        login("/page");
        assertThat(browser.page("/team").status()).isEqualTo(403);
        browser = new Browser(velo.port());
        provider.say(claims -> claims.claim("roles", "dev admin"));
        login("/team/x");

        assertThat(browser.page("/team/x").body()).isEqualTo("passed");
    }

    @Test
    void forgedSessionsAreNone() throws IOException {
        login("/page");
        String session = browser.cookie(COOKIE);
        int middle = session.length() / 2;
        char other = session.charAt(middle) == 'A' ? 'B' : 'A';
        browser.with(COOKIE, session.substring(0, middle) + other + session.substring(middle + 1));

        assertThat(browser.page("/page").status()).isEqualTo(302);
        assertThat(browser.script("/page").status()).isEqualTo(401);
    }

    @Test
    void nobodyFinishesTheLoginOfAnother() throws IOException {
        String back = begin("/page");
        Browser own = browser;
        browser = new Browser(velo.port());
        refused("without its cookie", finish(back), 400);
        begin("/page");
        refused("with the cookie of another login", finish(back), 400);
        refused("without a state", finish("/oauth2/callback?code=c"), 400);
        refused("that can't be read", browser.page("/oauth2/callback?code=%zz&state=%"), 400);
        refused("with two states", finish(back + "&state=x"), 400);

        browser = own;
        String login = browser.cookies().get(0);
        String kept = browser.cookie(login);
        assertThat(finish(back).field("Location")).isEqualTo("/page");
        browser = new Browser(velo.port()).with(login, kept);
        refused("a second time", finish(back), 400);
    }

    @Test
    void badTokensLetNobodyIn() throws IOException {
        Map<String, UnaryOperator<JWTClaimsSet.Builder>> bad = new LinkedHashMap<>();
        bad.put("another nonce", claims -> claims.claim("nonce", "other"));
        bad.put("another audience", claims -> claims.audience("other"));
        bad.put("another issuer", claims -> claims.issuer("https://other.test"));
        bad.put(
                "expired",
                claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(300))));
        bad.put("nobody", claims -> claims.subject(null));
        for (var each : bad.entrySet()) {
            provider.say(each.getValue());
            refused(each.getKey(), login("/page"), 403);
        }
        provider.say(UnaryOperator.identity());
        provider.be(Mood.UNSIGNED);
        refused("alg=none", login("/page"), 403);
    }

    @Test
    void theProviderMayRefuse() throws IOException {
        String back = begin("/page");
        String state = back.substring(back.indexOf("&state="));
        refused("access denied", finish("/oauth2/callback?error=access_denied" + state), 403);
        refused("by another provider", finish(begin("/page") + "&iss=https://other.test"), 403);
        provider.be(Mood.REFUSING);
        refused("no tokens", login("/page"), 403);
    }

    @Test
    void aProviderThatFailsIsTold() throws IOException {
        for (Mood mood : List.of(Mood.BROKEN, Mood.GONE)) {
            provider.be(mood);
            Answer failed = login("/page");
            refused(mood.name(), failed, 503);
            assertThat(failed.body()).contains("authentication_unavailable");
            assertThat(failed.field("Retry-After")).isNotEmpty();
        }
        provider.be(Mood.WELL);
        assertThat(login("/page").field("Location")).isEqualTo("/page");
    }

    @Test
    void keysMayBeRotated() throws IOException {
        login("/page");
        provider.rotate("k" + System.nanoTime());
        browser = new Browser(velo.port());

        await().untilAsserted(() -> assertThat(login("/page").field("Location")).isEqualTo("/page"));
    }

    @Test
    void leadsToNoOtherHost() throws IOException {
        Answer sent =
                RawClient.ask(velo.port(), "GET //evil.test/x HTTP/1.1\r\nHost: all.test\r\nAccept: text/html\r\n\r\n");
        assertThat(sent.status()).isEqualTo(302);
        String login = Browser.setCookies(sent).get(0);
        browser.with(
                login.substring(0, login.indexOf('=')), login.substring(login.indexOf('=') + 1, login.indexOf(';')));
        Answer back = RawClient.get(provider.port(), Browser.target(sent.field("Location")));

        assertThat(finish(back.field("Location")).field("Location")).isEqualTo("/");
    }

    @Test
    void byTlsItsCookiesAreForTlsAlone() throws IOException {
        Answer sent = browser.page("/page", "X-Forwarded-Proto: https", "X-Forwarded-For: 10.1.1.1");

        assertThat(sent.field("Location")).contains("redirect_uri=https://velo.test/oauth2/callback");
        assertThat(Browser.setCookies(sent)).singleElement().asString().contains("Secure");
    }

    @Test
    void sessionsEndHereAndAtTheProvider() throws IOException {
        login("/page");

        Answer out = browser.page("/oauth2/logout");

        assertThat(out.status()).isEqualTo(302);
        assertThat(out.field("Location"))
                .startsWith(provider.issuer() + "/end?a=b&")
                .contains(
                        "client_id=velo", "post_logout_redirect_uri=http%3A%2F%2Fvelo.test%2Fbye", "id_token_hint=ey");
        assertThat(browser.cookies()).isEmpty();
        assertThat(browser.page("/page").status()).isEqualTo(302);
        assertThat(browser.page("/oauth2/logout").field("Location")).doesNotContain("id_token_hint");
    }

    private void reload(String... lines) throws IOException {
        file.write(lines);
        Reload reload = velo.context().getBean(Reloads.class).reload("test");
        assertThat(reload.result()).as(reload.toString()).isEqualTo(Reload.Result.APPLIED);
        assertThat(reload.needsRestart()).isEmpty();
    }

    @Test
    void otherSettingsTakeEffectAtOnce() throws IOException {
        login("/page");
        Browser before = browser;
        try {
            reload(settings(provider.issuer(), "redirect-path: /back, principal-claim: name"));
            assertThat(before.page("/page").status()).as("the same secret").isEqualTo(200);
            browser = new Browser(velo.port());
            provider.say(claims -> claims.claim("name", "Ann B."));
            String back = begin("/page");
            assertThat(back).startsWith("http://velo.test/back?");
            finish(back);
            assertThat(browser.page("/page").body()).isEqualTo("passed");
            assertThat(lastHead()).contains("X-Auth-User: Ann%20B.\r\n");

            reload(settings(provider.issuer(), "cookie-secret: " + "x".repeat(32)));
            assertThat(browser.page("/page").status()).as("another secret").isEqualTo(302);
            Reloads reloads = velo.context().getBean(Reloads.class);
            assertThat(reloads.inForce().toString()).doesNotContain(OpenIdProvider.SECRET, "x".repeat(32));

            try (OpenIdProvider gone = new OpenIdProvider()) {
                String issuer = gone.issuer();
                gone.close();
                reload(settings(issuer, "timeout: 20s"));
                Answer none = new Browser(velo.port()).page("/page");
                assertThat(none.status()).as(none.body()).isEqualTo(503);
                assertThat(none.body()).contains("authentication_unavailable");
                assertThat(new Browser(velo.port()).page("/oauth2/logout").field("Location"))
                        .isEqualTo("/bye");
            }
            file.write(settings("me", "timeout: 20s"));
            Reload refused = reloads.reload("test");
            assertThat(refused.problems().toString())
                    .contains("lb.auth.oidc.issuer", "LB_AUTH_OIDC_ISSUER", "'me'")
                    .doesNotContain(OpenIdProvider.SECRET);
        } finally {
            reload(settings(provider.issuer(), "timeout: 20s"));
        }
        assertThat(before.page("/page").status()).isEqualTo(200);
    }
}
