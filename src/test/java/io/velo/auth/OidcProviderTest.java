package io.velo.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.auth.OidcProvider.Endpoints;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class OidcProviderTest {

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private Mono<Map<String, Object>> answer = Mono.just(metadata());
    private int asked;

    private final OidcProvider provider = provider("https://issuer.test");

    private OidcProvider provider(String issuer) {
        return new OidcProvider(
                issuer,
                () -> {
                    asked++;
                    return answer;
                },
                Duration.ofMinutes(5),
                Duration.ofSeconds(10),
                timer);
    }

    private static Map<String, Object> metadata() {
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("authorization_endpoint", "https://issuer.test/authorize");
        metadata.put("token_endpoint", "https://issuer.test/token");
        metadata.put("jwks_uri", "https://keys.test/jwks");
        return metadata;
    }

    private static Map<String, Object> metadata(String name, Object value) {
        Map<String, Object> metadata = metadata();
        metadata.put(name, value);
        return metadata;
    }

    private CompletableFuture<Endpoints> endpoints() {
        return provider.endpoints().toFuture();
    }

    @Test
    void isAskedOnceUntilThatIsOld() {
        assertThat(asked).isZero();
        assertThat(endpoints())
                .isCompletedWithValueMatching(found -> found.token().endsWith("/token"));
        timer.advanceTimeBy(Duration.ofSeconds(299));
        endpoints();
        assertThat(asked).isEqualTo(1);

        timer.advanceTimeBy(Duration.ofSeconds(2));
        answer = Mono.just(metadata("token_endpoint", "https://issuer.test/new"));

        assertThat(endpoints())
                .isCompletedWithValueMatching(found -> found.token().endsWith("/new"));
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void isNotAskedMoreOftenThanAllowedIfItFails() {
        answer = Mono.error(new IllegalStateException("down"));
        assertThat(endpoints()).isCompletedExceptionally();
        answer = Mono.just(metadata());
        timer.advanceTimeBy(Duration.ofSeconds(9));
        assertThat(endpoints()).isCompletedExceptionally();
        assertThat(asked).isEqualTo(1);

        timer.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(endpoints()).isCompleted();
    }

    @Test
    void whatItSaidStaysIfItFailsLater() {
        endpoints();
        timer.advanceTimeBy(Duration.ofSeconds(301));
        answer = Mono.error(new IllegalStateException("down"));

        assertThat(endpoints()).isCompleted();
        timer.advanceTimeBy(Duration.ofSeconds(9));
        endpoints();
        assertThat(asked).isEqualTo(2);
        timer.advanceTimeBy(Duration.ofSeconds(2));
        endpoints();
        assertThat(asked).isEqualTo(3);
    }

    @Test
    void doesNotLeadToPlacesThatCannotBeTrusted() {
        for (Map<String, Object> bad : java.util.List.of(
                metadata("token_endpoint", "http://issuer.test/token"),
                metadata("token_endpoint", ""),
                metadata("authorization_endpoint", "javascript:alert(1)"),
                metadata("jwks_uri", "file:///etc/passwd"),
                metadata("jwks_uri", 1),
                metadata("end_session_endpoint", "/end"))) {
            answer = Mono.just(bad);
            assertThat(provider("https://issuer.test").endpoints().toFuture())
                    .as(bad.toString())
                    .isCompletedExceptionally();
        }
        answer = Mono.just(metadata("token_endpoint", "http://issuer.test/token"));
        assertThat(provider("http://issuer.test").endpoints().toFuture()).isCompleted();
    }

    @Test
    void readsWhatMayBeMissing() {
        assertThat(endpoints().join().endSession()).isEmpty();
        assertThat(endpoints().join().secretInBody()).isFalse();
        answer = Mono.just(
                metadata("token_endpoint_auth_methods_supported", java.util.List.of("client_secret_post", "none")));
        assertThat(provider("https://issuer.test").endpoints().toFuture().join().secretInBody())
                .isTrue();
    }
}
