package io.velo.config;

import io.velo.change.Reloads;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Reloads when what stands in a file has changed. It watches the directories, not the files: an editor puts another file in
 * the place of the old one, and Kubernetes swaps a link beside the link. Some file systems don't tell of changes, so it also
 * looks by itself from time to time. A file that is being written is let alone until it has been quiet for a moment.
 */
final class FileWatch implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger("io.velo.config");

    private static final Duration QUIET = Duration.ofMillis(100);
    private static final int MOST_NOISE = 20;

    private final Supplier<ConfigFiles> files;
    private final Reloads reloads;
    private final Duration poll;
    private final Map<Path, WatchKey> watched = new HashMap<>();
    private Map<Path, String> known;
    private volatile @Nullable WatchService service;

    /**
     * @param files gives the files, which may be others after a reload
     * @param poll longest time between two looks
     */
    FileWatch(Supplier<ConfigFiles> files, Reloads reloads, Duration poll) {
        this.files = files;
        this.reloads = reloads;
        this.poll = poll;
        this.known = files.get().contents();
    }

    @Override
    public void start() {
        try {
            WatchService opened = FileSystems.getDefault().newWatchService();
            service = opened;
            Thread thread = new Thread(() -> watch(opened), "velo-config-watch");
            thread.setDaemon(true);
            thread.start();
        } catch (IOException e) {
            log.warn("the configuration can't be watched: {}", e.getMessage());
        }
    }

    private void watch(WatchService opened) {
        try {
            while (service != null) {
                look();
                watchDirectories(opened);
                awaitNews(opened);
            }
        } catch (ClosedWatchServiceException e) {
            // stopped
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        Map<Path, String> now = files.get().contents();
        if (!now.equals(known)) {
            known = now;
            reloads.reload("file");
        }
    }

    private void watchDirectories(WatchService opened) {
        Set<Path> wanted = new HashSet<>();
        files.get().possible().forEach(file -> addDirectories(file, wanted));
        watched.entrySet().removeIf(each -> {
            boolean over = !wanted.contains(each.getKey()) || !each.getValue().isValid();
            if (over) {
                each.getValue().cancel();
            }
            return over;
        });
        wanted.stream().filter(each -> !watched.containsKey(each)).forEach(each -> watch(each, opened));
    }

    /** Where it is named, and where it is: there may be a link between. */
    private static void addDirectories(Path file, Set<Path> directories) {
        directories.add(file.getParent());
        try {
            directories.add(file.toRealPath().getParent());
        } catch (IOException e) {
            // not there yet
        }
        directories.removeIf(each -> !Files.isDirectory(each));
    }

    private void watch(Path directory, WatchService opened) {
        try {
            watched.put(
                    directory,
                    directory.register(
                            opened,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE));
        } catch (IOException e) {
            log.debug("{} can't be watched, it is looked at every {}", directory, poll, e);
        }
    }

    /** Until there are some and no more come, or until it is time to look without any. */
    private void awaitNews(WatchService opened) throws InterruptedException {
        WatchKey news = opened.poll(poll.toMillis(), TimeUnit.MILLISECONDS);
        for (int i = 0; news != null && i < MOST_NOISE; i++) {
            news.pollEvents();
            news.reset();
            news = opened.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS);
        }
        if (news != null) {
            news.pollEvents();
            news.reset();
        }
    }

    @Override
    public void stop() {
        WatchService opened = service;
        service = null;
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException e) {
                log.debug("the watch can't be closed", e);
            }
        }
    }

    @Override
    public boolean isRunning() {
        return service != null;
    }
}
