package io.velo.tls;

import io.netty.handler.ssl.SslContext;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * TLS towards backends. Whoever connects asks for the context of its settings; it goes on when its bundle is reloaded, so that it
 * can be kept. Pools with the same settings share one, and the sessions that are resumed. Thread-safe.
 */
public final class BackendTls implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(BackendTls.class);

    private final SslBundles bundles;
    private final SslContexts contexts;
    private final Map<BackendTlsSettings, LiveSslContext> bySettings = new ConcurrentHashMap<>();

    BackendTls(SslBundles bundles, SslContexts contexts) {
        this.bundles = bundles;
        this.contexts = contexts;
    }

    /** Towards backends with what Netty finds best, and without bundles. */
    public static BackendTls withoutBundles() {
        return new BackendTls(
                new org.springframework.boot.ssl.DefaultSslBundleRegistry(),
                new SslContexts(() -> TlsLibrary.chosen(TlsLibrary.Wanted.AUTO)));
    }

    /** Whether there is the bundle that settings name. */
    public boolean knows(BackendTlsSettings settings) {
        return settings.bundle().isEmpty() || bundles.getBundleNames().contains(settings.bundle());
    }

    /**
     * Makes the contexts that connections with these settings ask for, unless there are any. Takes a while, so not on an event
     * loop: files are read, and the first one has BoringSSL looked for.
     *
     * @throws IllegalStateException if the bundle isn't good for it
     */
    public void prepare(BackendTlsSettings settings) {
        context(settings);
        context(settings.offering()); // for those by which the backend isn't let choose: all of the gateway lane
    }

    /**
     * The context for these settings, made when it is first asked for.
     *
     * @throws IllegalStateException if the bundle isn't good for it
     */
    public SslContext context(BackendTlsSettings settings) {
        LiveSslContext known = bySettings.get(settings);
        return known == null ? bySettings.computeIfAbsent(settings, this::made) : known;
    }

    private LiveSslContext made(BackendTlsSettings settings) {
        if (settings.bundle().isEmpty()) {
            return new LiveSslContext(made(settings, Optional.empty()), settings.sni());
        }
        SslBundle bundle = bundles.getBundle(settings.bundle());
        LiveSslContext live = new LiveSslContext(made(settings, Optional.of(bundle)), settings.sni());
        bundles.addBundleUpdateHandler(settings.bundle(), next -> reload(live, settings, next));
        return live;
    }

    private SslContext made(BackendTlsSettings settings, Optional<SslBundle> bundle) {
        return contexts.forClient(bundle, settings.verify(), settings.alpn());
    }

    private void reload(LiveSslContext live, BackendTlsSettings settings, SslBundle next) {
        try {
            live.become(made(settings, Optional.of(next)));
            log.atInfo().addKeyValue("bundle", settings.bundle()).log("TLS to backends reloaded");
        } catch (IllegalStateException e) {
            log.atError()
                    .addKeyValue("bundle", settings.bundle())
                    .log("TLS to backends stays as it was: {}", e.getMessage());
        }
    }

    @Override
    public void destroy() {
        bySettings.values().forEach(LiveSslContext::close);
    }
}
