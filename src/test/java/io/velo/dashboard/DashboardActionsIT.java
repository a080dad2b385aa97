package io.velo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.Backend;
import io.velo.backend.BackendState;
import io.velo.change.Operations;
import io.velo.pool.Pool;
import io.velo.pool.Pools;
import io.velo.testing.RawBackend;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an operator can do on the dashboard. */
class DashboardActionsIT {

    private static final String TOKEN = "a-token-of-more-than-16-letters";

    private static Browser browser;

    private final RawBackend first = RawBackend.saying("first");
    private final RawBackend second = RawBackend.saying("second");
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

    @AfterEach
    void stop() throws IOException {
        browser.leave();
        velo.close();
        first.close();
        second.close();
    }

    @Test
    void drainsAndResumes() {
        open("lb.admin.token=" + TOKEN);
        details("b1");
        browser.click("#drain");
        giveToken(TOKEN);

        soon().untilAsserted(() -> assertThat(backend("b1").state()).isEqualTo(BackendState.DRAINING));
        soon().untilAsserted(() -> assertThat(browser.text("#backend-why")).startsWith("b1 is draining"));
        soon().untilAsserted(() -> assertThat(browser.text("#events")).contains("drained by an operator"));

        browser.click("#resume"); // without being asked for the token again

        soon().untilAsserted(() -> assertThat(backend("b1").state()).isEqualTo(BackendState.UP));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void changesTheWeight() {
        open("lb.admin.token=" + TOKEN);
        details("b2");
        browser.type("#weight", "7");
        browser.click("#weight-form button");
        giveToken(TOKEN);

        soon().untilAsserted(() -> assertThat(backend("b2").spec().weight()).isEqualTo(7));
        soon().untilAsserted(() -> assertThat(browser.text("#toast")).isEqualTo("b2 has weight 7 now."));
    }

    @Test
    void addsAndRemoves() {
        open("lb.admin.token=" + TOKEN);
        browser.click("#add");
        browser.type("#add-url", second.url() + "0");
        browser.click("#add-form button");
        giveToken(TOKEN);
        soon().untilAsserted(() -> assertThat(browser.text("#adding-said")).contains("a port that is not 1 to 65535"));

        browser.type("#add-url", second.url());
        browser.type("#add-id", "b3");
        browser.click("#add-form button");
        soon().untilAsserted(() -> assertThat(pool().backend("b3"))
                .as(browser.text("#adding-said"))
                .isPresent());

        soon().untilAsserted(() ->
                assertThat(browser.count("[aria-label='Details of b3']")).isEqualTo(1));
        details("b3");
        browser.click("#remove");
        browser.click("#sure-yes");
        soon().untilAsserted(() -> assertThat(pool().backend("b3")).isEmpty());
        soon().untilAsserted(() ->
                assertThat(browser.count("[aria-label='Details of b3']")).isZero());
    }

    @Test
    void saysThatSomebodyElseWasFaster() {
        open("lb.admin.token=" + TOKEN);
        details("b1");
        browser.click("#drain");
        giveToken(TOKEN);
        soon().untilAsserted(() -> assertThat(backend("b1").state()).isEqualTo(BackendState.DRAINING));

        velo.context().getBean(Operations.class).resume(Pools.DEFAULT, "b1", OptionalLong.empty());
        browser.type("#weight", "7");
        browser.click("#weight-form button");
        soon().untilAsserted(() -> assertThat(browser.text("#backend-said"))
                .isEqualTo("Somebody else changed this pool meanwhile, so nothing was done."
                        + " Look again, and repeat it if you still want to."));
        assertThat(backend("b1").spec().weight()).isEqualTo(1);

        browser.click("#weight-form button");
        soon().untilAsserted(() -> assertThat(backend("b1").spec().weight()).isEqualTo(7));
    }

    @Test
    void asksAgainForAWrongToken() {
        open("lb.admin.token=" + TOKEN);
        details("b1");
        browser.click("#drain");
        giveToken("wrong");
        soon().untilAsserted(() -> assertThat(browser.text("#asking-why")).startsWith("That was not the right token."));

        giveToken(TOKEN);

        soon().untilAsserted(() -> assertThat(backend("b1").state()).isEqualTo(BackendState.DRAINING));
    }

    @Test
    void changesNothingWithoutTheToken() {
        open("lb.admin.token=" + TOKEN);
        details("b1");
        browser.click("#drain");
        soon().untilAsserted(() -> assertThat(browser.text("#asking-title")).isEqualTo("Token"));
        browser.click("#token-no");

        soon().untilAsserted(() ->
                assertThat(browser.text("#backend-said")).isEqualTo("Without the token nothing was changed."));
        assertThat(backend("b1").state()).isEqualTo(BackendState.UP);
    }

    @Test
    void saysIfChangesAreOff() {
        open();
        details("b1");
        browser.click("#drain");

        soon().untilAsserted(() ->
                assertThat(browser.text("#backend-said")).isEqualTo("Changes are off: lb.admin.token is not set."));
    }

    private void open(String... properties) {
        velo = RunningVelo.with(Stream.concat(
                        Stream.of(
                                "lb.backends[0].url=" + first.url(),
                                "lb.backends[0].id=b1",
                                "lb.backends[1].url=" + second.url(),
                                "lb.backends[1].id=b2"),
                        Stream.of(properties))
                .toArray(String[]::new));
        browser.complaints(); // of earlier tests
        browser.open("http://127.0.0.1:" + velo.port() + "/dashboard");
        soon().untilAsserted(() -> assertThat(browser.count("#rows tr")).isEqualTo(2));
    }

    private static void details(String backend) {
        browser.click("[aria-label='Details of " + backend + "']");
    }

    private static void giveToken(String token) {
        soon().untilAsserted(() -> assertThat(browser.text("#asking-title")).isEqualTo("Token"));
        browser.type("#token", token);
        browser.click("#token-form button");
    }

    private Pool pool() {
        return velo.pool(Pools.DEFAULT);
    }

    private Backend backend(String id) {
        return pool().backend(id).orElseThrow();
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100));
    }
}
