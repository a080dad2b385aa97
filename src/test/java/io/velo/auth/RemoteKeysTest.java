package io.velo.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class RemoteKeysTest {

    private static final String KEYS = Tokens.published(new Tokens("k1"));

    private final FakeClock clock = new FakeClock();
    private final List<Sinks.One<String>> fetches = new ArrayList<>();
    private final RemoteKeys keys =
            new RemoteKeys(this::fetch, Duration.ofMinutes(5), Duration.ofSeconds(10), clock::nanos);

    private Mono<String> fetch() {
        Sinks.One<String> fetch = Sinks.one();
        fetches.add(fetch);
        return fetch.asMono();
    }

    private void answer(String text) {
        fetches.get(fetches.size() - 1).tryEmitValue(text);
    }

    @Test
    void fetchesWhenFirstNeededAndOnceForAll() {
        assertThat(keys.loaded()).isFalse();
        assertThat(keys.current().isEmpty()).isTrue();
        assertThat(fetches).isEmpty();

        var first = keys.renew();
        var second = keys.renew();
        answer(KEYS);

        assertThat(fetches).hasSize(1);
        assertThat(first).isSameAs(second).isCompletedWithValue(true);
        assertThat(keys.loaded()).isTrue();
        assertThat(keys.current().getKeyByKeyId("k1")).isNotNull();
    }

    @Test
    void doesNotFetchMoreOftenThanAllowed() {
        keys.renew();
        answer(KEYS);

        assertThat(keys.renew()).isNull();
        clock.advance(Duration.ofSeconds(9));
        assertThat(keys.renew()).isNull();
        clock.advance(Duration.ofSeconds(1));
        assertThat(keys.renew()).isNotNull();
        assertThat(fetches).hasSize(2);
    }

    @Test
    void fetchesAgainWhenTheyAreOldAndGoesOnWithTheOldOnesMeanwhile() {
        keys.renew();
        answer(KEYS);
        clock.advance(Duration.ofMinutes(5).plusSeconds(1));

        assertThat(keys.current().getKeyByKeyId("k1")).isNotNull();
        assertThat(fetches).hasSize(2);
        answer(Tokens.published(new Tokens("k2")));

        assertThat(keys.current().getKeyByKeyId("k1")).isNull();
        assertThat(keys.current().getKeyByKeyId("k2")).isNotNull();
    }

    @Test
    void keepsTheOldOnesIfNobodyAnswers() {
        keys.renew();
        answer(KEYS);
        clock.advance(Duration.ofSeconds(10));

        var renewed = keys.renew();
        answer("no keys");

        assertThat(renewed).isCompletedWithValue(false);
        assertThat(keys.loaded()).isTrue();
        assertThat(keys.current().getKeyByKeyId("k1")).isNotNull();
    }

    @Test
    void holdsNoPrivateKeys() {
        keys.renew();
        answer("{\"keys\":[" + new Tokens("k1").key().toJSONString() + "]}");

        assertThat(keys.current().getKeys()).hasSize(1).noneMatch(key -> key.isPrivate());
    }
}
