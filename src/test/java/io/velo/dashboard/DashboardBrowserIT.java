package io.velo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.dns.DnsResponseCode;
import io.velo.testing.DnsServer;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The dashboard as a person meets it. */
class DashboardBrowserIT {

    private static Browser browser;

    private final RawBackend first = RawBackend.saying("first");
    private final RawBackend second = RawBackend.saying("second");
    private final DnsServer dns = DnsServer.start();
    private RunningVelo velo;

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void start() {
        velo = RunningVelo.with(
                "lb.health.interval=300ms",
                "lb.health.fast-interval=100ms",
                "lb.health.timeout=200ms",
                "lb.backends[0].url=" + first.url(),
                "lb.backends[0].id=b1",
                "lb.backends[0].zone=a",
                "lb.backends[1].url=" + second.url(),
                "lb.backends[1].id=b2",
                "lb.backends[1].priority=1",
                "lb.canary.pool=spare",
                "lb.canary.percent=5",
                "lb.canary.key=header:X-Canary",
                "lb.mirror.pool=spare",
                "lb.mirror.percent=50",
                "lb.pools.found.backends[0].url=dns://found.test:8080",
                "lb.discovery.nameservers=127.0.0.1:" + dns.port(),
                "lb.pools.spare.strategy=leastconnection");
        browser.prefer("light");
        browser.resize(1440, 1000);
        browser.complaints(); // of earlier tests
        browser.open("http://127.0.0.1:" + velo.port() + "/dashboard");
        soon().untilAsserted(() -> assertThat(stateOf("b1")).isEqualTo("up"));
    }

    @AfterEach
    void stop() throws IOException {
        browser.leave();
        velo.close();
        first.close();
        second.close();
        dns.close();
    }

    @Test
    void followsABackendThatIsKilled() throws IOException {
        browser.run("new MutationObserver(() => window.downAt ??= document.querySelector('tr[data-state=down]')"
                + " ? Date.now() : undefined).observe(document, { subtree: true, childList: true, attributes: true })");
        long killedAt = System.currentTimeMillis();
        first.close();

        soon().untilAsserted(() -> assertThat(stateOf("b1")).isEqualTo("down"));
        assertThat((long) browser.run("return window.downAt") - killedAt)
                .as("milliseconds from the kill to the page, three probes included")
                .isBetween(0L, 2_000L);
        assertThat(stateOf("b2")).isEqualTo("up");
        assertThat(browser.text("tr[data-state=down] .c-why")).startsWith("probe missed: ");
        assertThat(browser.text("#events li")).contains("b1 went from up to down");
        assertThat(browser.text("#pool-facts")).contains("1 of 2 eligible");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void showsRequestsAndHowTheyFail() throws IOException {
        RawClient.get(velo.port(), "/");
        soon().untilAsserted(() -> {
            RawClient.get(velo.port(), "/");
            assertThat(browser.text("#n-p99")).isNotEqualTo("–");
        });
        velo.pool("default").backends().forEach(velo.pool("default")::drain);
        soon().untilAsserted(() -> {
            RawClient.get(velo.port(), "/");
            assertThat(browser.text("#reasons")).contains("destination unavailable");
        });

        assertThat(browser.complaints()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void barsNobody(String scheme) {
        browser.prefer(scheme);

        assertThat(browser.barriers()).isEmpty();

        browser.click("[aria-label='Details of b1']");

        assertThat(browser.barriers()).isEmpty();
        assertThat(browser.complaints()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"360,780", "768,1024", "1440,900", "3840,2160"})
    void fitsTheScreen(int width, int height) {
        browser.resize(width, height);

        assertThat(browser.run("return document.documentElement.scrollWidth"))
                .as("width of the page, nothing beside it")
                .isEqualTo((long) width);
        assertThat(browser.text("[aria-label='Details of b1']")).isEqualTo("Details");
    }

    @Test
    void isUsableByKeyboard() {
        browser.press("/");
        assertThat(browser.focused()).isEqualTo("filter");

        browser.press("b2");
        soon().untilAsserted(() -> assertThat(browser.count("#rows tr")).isEqualTo(1));

        browser.press(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        browser.run("document.querySelector('[aria-label=\"Details of b2\"]').focus()");
        browser.press(Keys.ENTER);
        assertThat(browser.text("#backend-why")).startsWith("b2 is up since");

        browser.press(Keys.ESCAPE);
        soon().untilAsserted(() -> assertThat(browser.text("#backend-why")).isEmpty());
    }

    @Test
    void remembersTheTheme() {
        browser.click("#theme");
        browser.click("#theme");
        assertThat(browser.text("#theme")).isEqualTo("Theme: dark");

        browser.open("http://127.0.0.1:" + velo.port() + "/dashboard");

        soon().untilAsserted(() -> assertThat(browser.text("#theme")).isEqualTo("Theme: dark"));
        browser.click("#theme");
    }

    @Test
    void showsThePoolThatIsChosen() {
        browser.click("#pools a[href='#spare']");

        soon().untilAsserted(() -> assertThat(browser.text("#pool-name")).isEqualTo("spare"));
        assertThat(browser.text("#none")).isEqualTo("This pool has no backends.");
    }

    @Test
    void showsWhatAPoolHasBesideItsBackends() {
        dns.fails(DnsResponseCode.SERVFAIL);

        assertThat(browser.text("#beside"))
                .contains("Canary: spare gets 5 % of the clients; 0 of 0 there and 0 of 0 here failed.")
                .contains("Mirror: spare gets copies of 50 % of the requests, 0 of at most 100 on their way.");
        assertThat(browser.text("#rows")).contains("zone a").contains("priority 1");

        browser.type("#filter", "priority 1");
        soon().untilAsserted(() -> assertThat(browser.count("#rows tr")).isEqualTo(1));
        browser.click("[aria-label='Details of b2']");
        assertThat(browser.text("#backend-facts")).contains("1 (0 is the best)");
        browser.press(Keys.ESCAPE);

        browser.click("#pools a[href='#found']");
        soon().untilAsserted(() -> assertThat(browser.text("#beside"))
                .startsWith("Beside the backends")
                .contains("Discovery: dns://found.test:8080: ")
                .contains("failed: ServFail")
                .doesNotContain("Canary"));
        browser.click("#pools a[href='#spare']");
        soon().untilAsserted(() -> assertThat(browser.text("#beside")).isEmpty());
        assertThat(browser.complaints()).isEmpty();
    }

    private static String stateOf(String backend) {
        return (String) browser.run("return [...document.querySelectorAll('#rows tr')]"
                + ".find(row => row.querySelector('.id').textContent === '" + backend + "')?.dataset.state ?? ''");
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100));
    }
}
