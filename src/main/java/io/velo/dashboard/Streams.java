package io.velo.dashboard;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * The streams of open pages: at most a fixed number at once, and each of them ends when the server is about to stop, before it
 * waits for requests to finish.
 */
final class Streams implements SmartLifecycle {

    /** More open pages than this are refused. */
    static final int MOST = 32;

    private final Feed feed;
    private final Past past;
    private final AtomicInteger open = new AtomicInteger();
    private volatile Sinks.Empty<Void> closing = Sinks.empty();
    private volatile boolean running;

    Streams(Feed feed, Past past) {
        this.feed = feed;
        this.past = past;
    }

    /** A stream of what is news to one page; empty if there are too many. It counts until it is subscribed to and has ended. */
    Optional<Flux<Viewer.News>> open() {
        if (open.getAndUpdate(now -> now < MOST ? now + 1 : now) >= MOST) {
            return Optional.empty();
        }
        Viewer viewer = new Viewer(past);
        return Optional.of(feed.frames()
                .map(viewer::news)
                .takeUntilOther(closing.asMono())
                .doFinally(end -> open.decrementAndGet()));
    }

    /** How many are open. */
    int count() {
        return open.get();
    }

    @Override
    public void start() {
        closing = Sinks.empty();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        closing.tryEmitEmpty();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
