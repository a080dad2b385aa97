package io.velo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.velo.backend.Transition;
import io.velo.pool.Pools;
import io.velo.testing.TestPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Exceptions;
import reactor.test.StepVerifier;

/** The feed, and what one page makes of it. */
class FeedTest {

    private final TestPool pool = TestPool.of("a", "b").build();
    private final Happenings happenings = new Happenings(pool.clock());
    private final Past past = new Past(450);
    private final Feed feed = new Feed(
            new Sampler(
                    new Pools(List.of(pool.pool())),
                    BesideTest.NOTHING,
                    RequestTimers.of(new SimpleMeterRegistry()),
                    happenings,
                    past,
                    pool.clock()::nanos,
                    pool.clock()),
            happenings,
            pool.clock().timers());
    private final Streams streams = new Streams(feed, past);
    private final List<Viewer.News> heard = new ArrayList<>();

    @BeforeEach
    void start() {
        streams.start();
        feed.start();
        pool.advance(Duration.ofMillis(1));
    }

    @AfterEach
    void stop() {
        streams.stop();
        feed.stop();
    }

    @Test
    void tellsANewPageEverything() {
        pool.advance(Feed.EVERY.multipliedBy(3));
        listen();

        Viewer.PoolNews news = heard.get(0).pools().get(0);

        assertThat(heard).hasSize(1);
        assertThat(news.ids()).containsExactly("a", "b");
        assertThat(news.backends()).hasSize(2);
        assertThat(news.past().orElseThrow().at()).hasSize(4);
    }

    @Test
    void tellsOnlyWhatIsNewAfterwards() {
        listen();
        pool.advance(Feed.EVERY);

        Viewer.PoolNews news = heard.get(1).pools().get(0);

        assertThat(news.ids()).containsExactly("a", "b");
        assertThat(news.backends()).isEmpty();
        assertThat(news.past()).isEmpty();
    }

    @Test
    void tellsOfAChangeAtOnce() {
        listen();
        long sample = heard.get(0).sample();
        miss("a");
        pool.advance(Duration.ofMillis(100));

        assertThat(heard).hasSize(2);
        assertThat(heard.get(1).sample()).isEqualTo(sample);
        assertThat(heard.get(1).pools().get(0).backends())
                .extracting(row -> row.id() + " " + row.state())
                .containsExactly("a down");
        assertThat(heard.get(1).happenings())
                .extracting(Happenings.Happening::sentence)
                .containsExactly("a went from up to down: probe missed: status 500");
    }

    @Test
    void tellsOfManyChangesTogether() {
        listen();
        miss("a");
        miss("b");
        pool.advance(Duration.ofMillis(100));

        assertThat(heard).hasSize(2);
        assertThat(heard.get(1).happenings()).hasSize(2);
    }

    @Test
    void tellsEachHappeningOnce() {
        miss("a");
        pool.advance(Duration.ofMillis(100));
        listen();
        pool.advance(Feed.EVERY);

        assertThat(heard.get(0).happenings()).hasSize(1);
        assertThat(heard.get(heard.size() - 1).happenings()).isEmpty();
    }

    @Test
    void cutsOffWhoDoesNotListen() {
        StepVerifier.create(streams.open().orElseThrow(), 1)
                .expectNextCount(1)
                .then(() -> pool.advance(Feed.EVERY.multipliedBy(40)))
                .thenRequest(Long.MAX_VALUE)
                .expectNextCount(16)
                .expectErrorMatches(Exceptions::isOverflow)
                .verify(Duration.ofSeconds(5));

        assertThat(streams.count()).isZero();
        assertThat(feed.viewers()).isZero();
    }

    @Test
    void refusesOneTooMany() {
        for (int i = 0; i < Streams.MOST; i++) {
            assertThat(streams.open()).as("stream %d", i).isPresent();
        }

        assertThat(streams.open()).isEmpty();
    }

    @Test
    void endsEveryStreamWhenItStops() {
        StepVerifier.create(streams.open().orElseThrow())
                .expectNextCount(1)
                .then(streams::stop)
                .expectComplete()
                .verify(Duration.ofSeconds(5));

        assertThat(streams.count()).isZero();
    }

    private void listen() {
        streams.open().orElseThrow().subscribe(heard::add);
    }

    private void miss(String backend) {
        pool.miss(backend, 3);
        List<Transition> all = pool.transitions();
        happenings.changed(all.get(all.size() - 1));
    }
}
