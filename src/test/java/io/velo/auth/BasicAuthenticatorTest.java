package io.velo.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.access.Evidence;
import io.velo.testing.TestRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

class BasicAuthenticatorTest {

    private static final String HASH = new BCryptPasswordEncoder(4).encode("s3cret:ä");

    private final Queue<Runnable> work = new ArrayDeque<>();
    private final BasicAuthenticator authenticator = new BasicAuthenticator(
            new AuthSettings.Basic(
                    "velo", Map.of("ann", new AuthSettings.User(HASH, Set.of("admin"))), Duration.ofMinutes(1)),
            new byte[32],
            this::take);

    private void take(Runnable next) {
        if (work.size() >= 2) {
            throw new RejectedExecutionException();
        }
        work.add(next);
    }

    private static TestRequest as(String credentials) {
        String encoded = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        return TestRequest.get("/").with("Authorization", "Basic " + encoded);
    }

    private static CompletableFuture<Evidence> later(Evidence evidence) {
        return ((Evidence.Later) evidence).found().toCompletableFuture();
    }

    private Evidence looked(TestRequest request) {
        Evidence evidence = authenticator.examine(request);
        work.forEach(Runnable::run);
        work.clear();
        return later(evidence).getNow(Evidence.NOTHING);
    }

    private static boolean isAnn(Evidence evidence) {
        return evidence instanceof Evidence.Proven proven
                && proven.identity().name().equals("ann")
                && proven.identity().roles().equals(Set.of("admin"));
    }

    @Test
    void looksElsewhereAndRemembersWhatWasRight() {
        Evidence evidence = authenticator.examine(as("ann:s3cret:ä"));
        assertThat(later(evidence)).isNotDone();
        assertThat(work).hasSize(1);
        work.remove().run();

        assertThat(later(evidence)).isCompletedWithValueMatching(BasicAuthenticatorTest::isAnn);
        assertThat(authenticator.examine(as("ann:s3cret:ä"))).matches(BasicAuthenticatorTest::isAnn);
        assertThat(work).isEmpty();
    }

    @Test
    void looksOnceForAllWhoAskAtTheSameTime() {
        Evidence first = authenticator.examine(as("ann:s3cret:ä"));
        Evidence second = authenticator.examine(as("ann:s3cret:ä"));
        assertThat(work).hasSize(1);
        work.remove().run();

        assertThat(later(first)).isCompletedWithValueMatching(BasicAuthenticatorTest::isAnn);
        assertThat(later(second)).isCompletedWithValueMatching(BasicAuthenticatorTest::isAnn);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann:wrong", "ann:", "bob:s3cret:ä", ":s3cret:ä", "Ann:s3cret:ä"})
    void refusesAWrongNameOrPasswordAndLooksAgain(String credentials) {
        assertThat(looked(as(credentials))).isEqualTo(Evidence.WRONG);
        assertThat(looked(as(credentials))).isEqualTo(Evidence.WRONG);
    }

    @Test
    void doesNotEvenLookAtWhatCannotBeRight() {
        for (TestRequest request : new TestRequest[] {
            as("ann"),
            as("ann:" + "x".repeat(73)),
            as("ann:" + "x".repeat(2000)),
            TestRequest.get("/").with("Authorization", "Basic %%%")
        }) {
            assertThat(authenticator.examine(request)).isEqualTo(Evidence.WRONG);
        }
        assertThat(authenticator.examine(TestRequest.get("/").with("Authorization", "Bearer x")))
                .isEqualTo(Evidence.NOTHING);
        assertThat(authenticator.examine(TestRequest.get("/").with("Authorization", "Basic a", "Basic b")))
                .isEqualTo(Evidence.MALFORMED);
        assertThat(work).isEmpty();
    }

    @Test
    void takesNoMoreThanItCanLookAtSoon() {
        authenticator.examine(as("ann:1"));
        authenticator.examine(as("ann:2"));

        assertThat(authenticator.examine(as("ann:3"))).isEqualTo(Evidence.UNAVAILABLE);
        work.forEach(Runnable::run);
        work.clear();
        assertThat(looked(as("ann:s3cret:ä"))).matches(BasicAuthenticatorTest::isAnn);
    }
}
