package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendState;
import io.velo.pool.Pools;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients come back to their backends, on real sockets. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class AffinityIT {

    private static final String COOKIE = "velo-default=[A-Za-z0-9_-]{22}";
    private static final String ROUTES = "spring.cloud.gateway.server.webflux.routes";

    private static RawBackend one;
    private static RawBackend two;
    private static RunningVelo velo;

    @Parameter
    private Lane lane;

    @BeforeParameterizedClassInvocation
    static void start(Lane lane) {
        one = saying("one");
        two = saying("two");
        velo = velo(lane, one, two);
    }

    private static RawBackend saying(String text) {
        return RawBackend.doing(exchange -> exchange.send(
                "HTTP/1.1 200 OK\r\nSet-Cookie: own=1\r\nContent-Length: " + text.length() + "\r\n\r\n" + text));
    }

    private static RunningVelo velo(Lane lane, RawBackend first, RawBackend second) {
        return RunningVelo.with(
                lane,
                "lb.health.enabled=false",
                "lb.forwarded.trusted=127.0.0.1",
                "lb.circuit.failure-threshold=1",
                "lb.affinity.type=cookie",
                "lb.affinity.ttl=1h",
                "lb.affinity.secret=the same before and after",
                "lb.backends[0].id=" + (first == one ? "b1" : "b2"),
                "lb.backends[0].url=" + first.url(),
                "lb.backends[1].id=" + (first == one ? "b2" : "b1"),
                "lb.backends[1].url=" + second.url(),
                "lb.pools.other.affinity.name=mine",
                "lb.pools.other.backends[0]=" + first.url(),
                "lb.pools.off.affinity.type=none",
                "lb.pools.off.backends[0]=" + first.url(),
                "lb.pools.dead.backends[0].url=http://127.0.0.1:1",
                "lb.pools.dead.circuit.failure-threshold=100",
                ROUTES + "[0].id=other",
                ROUTES + "[0].uri=lb://other",
                ROUTES + "[0].predicates[0]=Path=/other",
                ROUTES + "[1].id=off",
                ROUTES + "[1].uri=lb://off",
                ROUTES + "[1].predicates[0]=Path=/off",
                ROUTES + "[2].id=dead",
                ROUTES + "[2].uri=lb://dead",
                ROUTES + "[2].predicates[0]=Path=/dead",
                ROUTES + "[3].id=default",
                ROUTES + "[3].uri=lb://default",
                ROUTES + "[3].predicates[0]=Path=/**");
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        velo.close();
        one.close();
        two.close();
    }

    @AfterEach
    void leavesNothingInFlight() {
        velo.awaitIdle();
    }

    @Test
    void givesANewClientACookieBesideTheBackendsOwn() throws IOException {
        Answer answer = ask(velo, "/", "");

        assertThat(setCookies(answer)).hasSize(2).contains("own=1").anySatisfy(cookie -> assertThat(cookie)
                .matches(COOKIE + "; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax"));
        assertThat(velo.requests(lane)).isPositive();
    }

    @Test
    void sendsAClientBackWithoutAnotherCookieAndPassesItsOwnOn() throws IOException {
        Answer first = ask(velo, "/", "");
        String cookie = cookieOf(first);

        for (int i = 0; i < 4; i++) {
            Answer next = ask(velo, "/again", "a=b; " + cookie);
            assertThat(next.body()).isEqualTo(first.body());
            assertThat(setCookies(next)).containsExactly("own=1");
        }

        RawBackend backend = first.body().equals("one") ? one : two;
        assertThat(backend.heads().get(backend.requests() - 1)).contains("a=b; " + cookie);
    }

    @Test
    void ignoresAForgedCookieAndReplacesIt() throws IOException {
        TreeSet<String> bodies = new TreeSet<>();
        for (int i = 0; i < 4; i++) {
            Answer answer = ask(velo, "/", "velo-default=AAAAAAAAAAAAAAAAAAAAAA");
            bodies.add(answer.body());
            assertThat(cookieOf(answer)).matches(COOKIE);
        }
        assertThat(bodies).containsExactly("one", "two");
    }

    @Test
    void saysSecureIfTheClientCameByTls() throws IOException {
        String byTls = "GET / HTTP/1.1\r\nHost: velo.test\r\nX-Forwarded-Proto: https\r\n\r\n";

        assertThat(setCookies(RawClient.ask(velo.port(), byTls)).toString()).contains("; Secure;");
        assertThat(setCookies(ask(velo, "/", "")).toString()).doesNotContain("Secure");
    }

    @Test
    void hasACookieForEachPoolOrNone() throws IOException {
        assertThat(setCookies(ask(velo, "/other", ""))).anyMatch(cookie -> cookie.startsWith("mine="));
        assertThat(setCookies(ask(velo, "/off", ""))).containsExactly("own=1");
    }

    @Test
    void givesNoneWithAnAnswerOfItsOwn() throws IOException {
        Answer answer = ask(velo, "/dead", "");

        assertThat(answer.status()).isEqualTo(502);
        assertThat(setCookies(answer)).isEmpty();
    }

    @Test
    void staysOnItsBackendAcrossARestartWithTheOrderChanged() throws IOException {
        Answer first = ask(velo, "/", "");

        try (RunningVelo next = velo(lane, two, one)) {
            for (int i = 0; i < 4; i++) {
                Answer again = ask(next, "/", cookieOf(first));
                assertThat(again.body()).isEqualTo(first.body());
                assertThat(setCookies(again)).containsExactly("own=1");
            }
        }
    }

    @Test
    void movesOnceWhenItsBackendDies() throws IOException {
        RawBackend dying = saying("dying");
        RawBackend staying = saying("staying");
        try (RunningVelo own = RunningVelo.with(
                lane,
                "lb.health.enabled=false",
                "lb.circuit.failure-threshold=1",
                "lb.affinity.type=cookie",
                "lb.backends=" + dying.url() + "," + staying.url())) {
            Answer first = ask(own, "/", "");
            while (!first.body().equals("dying")) {
                first = ask(own, "/", "");
            }
            dying.close();

            Answer moved = ask(own, "/", cookieOf(first));
            assertThat(moved.body()).isEqualTo("staying");
            Answer stayed = ask(own, "/", cookieOf(moved));
            assertThat(stayed.body()).isEqualTo("staying");
            assertThat(setCookies(stayed)).containsExactly("own=1");
            assertThat(own.pool(Pools.DEFAULT).backends()).anyMatch(backend -> backend.state() == BackendState.EJECTED);
            own.awaitIdle();
        } finally {
            dying.close();
            staying.close();
        }
    }

    private static Answer ask(RunningVelo of, String target, String cookies) throws IOException {
        String field = cookies.isEmpty() ? "" : "Cookie: " + cookies + "\r\n";
        return RawClient.ask(of.port(), "GET " + target + " HTTP/1.1\r\nHost: velo.test\r\n" + field + "\r\n");
    }

    private static List<String> setCookies(Answer answer) {
        return answer.head()
                .lines()
                .filter(line -> line.regionMatches(true, 0, "Set-Cookie:", 0, 11))
                .map(line -> line.substring(11).strip())
                .toList();
    }

    /** Velo's, as a client sends it back. */
    private static String cookieOf(Answer answer) {
        return setCookies(answer).stream()
                .filter(cookie -> cookie.startsWith("velo-"))
                .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                .findFirst()
                .orElse("");
    }
}
