package io.velo.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.util.DomainWildcardMappingBuilder;
import io.netty.util.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerSslBundle;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.SslProvider;

/**
 * TLS towards clients, by Boot's own keys but in place of Boot's own set-up: with a library and ciphers of Velo's choice, names with
 * a {@code *}, sessions that are resumed, and a certificate that is taken only if it belongs to its key.
 */
final class TlsTermination implements NettyServerCustomizer, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(TlsTermination.class);

    private final SslBundles bundles;
    private final Function<SslBundle, SslContext> contexts;
    private final LiveSslContext usual;
    private final List<LiveSslContext> all = new ArrayList<>();
    private final List<Named> named;

    /**
     * @param protocols what is offered by ALPN, the preferred one first
     */
    TlsTermination(Ssl ssl, List<String> protocols, SslBundles bundles, SslContexts contexts) {
        ClientAuth clients =
                Ssl.ClientAuth.map(ssl.getClientAuth(), ClientAuth.NONE, ClientAuth.OPTIONAL, ClientAuth.REQUIRE);
        this.bundles = bundles;
        this.contexts = bundle -> contexts.forServer(bundle, clients == null ? ClientAuth.NONE : clients, protocols);
        this.usual = live(ssl.getBundle() == null ? "" : ssl.getBundle(), WebServerSslBundle.get(ssl, bundles));
        this.named = ssl.getServerNameBundles().stream()
                .map(name -> new Named(name.serverName(), live(name.bundle(), bundles.getBundle(name.bundle()))))
                .toList();
    }

    private LiveSslContext live(String name, SslBundle bundle) {
        LiveSslContext live = new LiveSslContext(contexts.apply(bundle), "");
        if (!name.isEmpty()) {
            bundles.addBundleUpdateHandler(name, next -> reload(live, name, next));
        }
        all.add(live);
        return live;
    }

    private void reload(LiveSslContext live, String bundle, SslBundle next) {
        try {
            live.become(contexts.apply(next));
            KeyPairs.certificate(next).ifPresent(certificate -> log.atInfo()
                    .addKeyValue("bundle", bundle)
                    .addKeyValue(
                            "subject", certificate.getSubjectX500Principal().getName())
                    .addKeyValue("until", certificate.getNotAfter().toInstant())
                    .log("certificate reloaded"));
        } catch (IllegalStateException e) {
            log.atError()
                    .addKeyValue("bundle", bundle)
                    .log("the old certificate stays, because of the new one: {}", e.getMessage());
        }
    }

    @Override
    public HttpServer apply(HttpServer server) {
        return server.secure(spec -> {
            SslProvider.Builder builder = spec.sslContext(usual);
            if (!named.isEmpty()) {
                Mapping<String, SslProvider> byName = byName();
                builder.setSniAsyncMappings((name, promise) -> promise.setSuccess(byName.map(name)));
            }
        });
    }

    private Mapping<String, SslProvider> byName() {
        DomainWildcardMappingBuilder<SslProvider> names = new DomainWildcardMappingBuilder<>(provider(usual));
        named.forEach(each -> names.add(each.name, provider(each.context)));
        return names.build();
    }

    private static SslProvider provider(LiveSslContext context) {
        return SslProvider.builder().sslContext(context).build();
    }

    @Override
    public void destroy() {
        all.forEach(LiveSslContext::close);
    }

    private record Named(String name, LiveSslContext context) {}
}
