package io.velo.demo;

import io.velo.backend.BackendSpec;
import io.velo.pool.BackendSource;
import io.velo.pool.Pools;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;

/** Backends b1, b2, … inside the process, for the default pool. They are started when the pool asks for them. */
final class DemoBackends implements BackendSource, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(DemoBackends.class);
    private static final int FIRST_PORT = 8081;

    private final int count;
    private final DoubleSupplier random;
    private final List<DisposableServer> running = new ArrayList<>();

    DemoBackends(int count, DoubleSupplier random) {
        this.count = count;
        this.random = random;
    }

    @Override
    public String pool() {
        return Pools.DEFAULT;
    }

    @Override
    public List<BackendSpec> backends() {
        List<BackendSpec> backends = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "b" + (i + 1);
            backends.add(BackendSpec.of(name, URI.create("http://127.0.0.1:" + start(name, FIRST_PORT + i))));
        }
        return backends;
    }

    private int start(String name, int port) {
        DemoBackend backend = new DemoBackend(new DemoBackend.Settings(port, name, Duration.ZERO, 0), random);
        DemoBackend anywhere = new DemoBackend(new DemoBackend.Settings(0, name, Duration.ZERO, 0), random);
        DisposableServer server = backend.start()
                .<DisposableServer>map(started -> started)
                .onErrorResume(
                        ChannelBindException.class, taken -> anywhere.start().map(started -> started))
                .toFuture()
                .join();
        running.add(server);
        int actual = ((InetSocketAddress) server.address()).getPort();
        log.atInfo().addKeyValue("backend", name).addKeyValue("port", actual).log("demo backend started");
        return actual;
    }

    @Override
    public void destroy() {
        running.forEach(DisposableServer::dispose);
    }
}
