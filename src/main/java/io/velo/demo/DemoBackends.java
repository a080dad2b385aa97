package io.velo.demo;

import io.velo.backend.BackendSpec;
import io.velo.pool.BackendSource;
import io.velo.pool.Pools;
import java.net.URI;
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
    private static final String HOST = "127.0.0.1";
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
            backends.add(BackendSpec.of(name, URI.create("http://" + HOST + ":" + start(name, FIRST_PORT + i))));
        }
        return backends;
    }

    private int start(String name, int port) {
        DisposableServer server = listening(name, port);
        running.add(server);
        log.atInfo()
                .addKeyValue("backend", name)
                .addKeyValue("port", server.port())
                .log("demo backend started");
        return server.port();
    }

    private DisposableServer listening(String name, int port) {
        try {
            return backend(name, port).server().bindNow();
        } catch (ChannelBindException e) { // taken: any other will do
            return backend(name, 0).server().bindNow();
        }
    }

    private DemoBackend backend(String name, int port) {
        return new DemoBackend(DemoBackend.Settings.of(HOST, port, name), random);
    }

    @Override
    public void destroy() {
        running.forEach(DisposableServer::dispose);
    }
}
