package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.pool.Lease;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import io.velo.testing.TestRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each strategy in a pool of its own, on real sockets. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class StrategiesIT {

    private static final List<RawBackend> BACKENDS = new ArrayList<>();
    private static final Map<String, String> POOLS = new TreeMap<>(Map.of(
            "client",
            "hash",
            "uri",
            "hash",
            "header",
            "hash",
            "cookie",
            "hash",
            "query",
            "hash",
            "two",
            "p2c",
            "any",
            "random",
            "time",
            "leasttime",
            "zones",
            "roundrobin",
            "backups",
            "leastconnection"));

    private static RunningVelo velo;

    @Parameter
    private Lane lane;

    @BeforeParameterizedClassInvocation
    static void start(Lane lane) {
        IntStream.range(0, 3).forEach(i -> BACKENDS.add(RawBackend.saying("b" + i)));
        List<String> properties = new ArrayList<>(List.of(
                "lb.health.enabled=false",
                "lb.forwarded.trusted=127.0.0.1",
                "lb.zone=here",
                "lb.pools.header.hash.key=header:X-User",
                "lb.pools.cookie.hash.key=cookie:session",
                "lb.pools.query.hash.key=query:user",
                "lb.pools.uri.hash.key=uri",
                "lb.pools.zones.backends[1].zone=here",
                "lb.pools.backups.backends[0].backup=true",
                "lb.pools.backups.backends[1].priority=2"));
        int place = 0;
        for (Map.Entry<String, String> pool : POOLS.entrySet()) {
            String prefix = "lb.pools." + pool.getKey() + ".";
            properties.add(prefix + "strategy=" + pool.getValue());
            for (int i = 0; i < 3; i++) {
                properties.add(prefix + "backends[" + i + "].id=b" + i);
                properties.add(
                        prefix + "backends[" + i + "].url=" + BACKENDS.get(i).url());
            }
            String route = "spring.cloud.gateway.server.webflux.routes[" + place++ + "].";
            properties.add(route + "id=" + pool.getKey());
            properties.add(route + "uri=lb://" + pool.getKey());
            properties.add(route + "predicates[0]=Path=/" + pool.getKey() + "/**");
            properties.add(route + "filters[0]=StripPrefix=1");
            properties.add(route + "filters[1]=SetRequestHeader=X-User, all the same");
        }
        velo = RunningVelo.with(lane, properties.toArray(String[]::new));
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        velo.close();
        for (RawBackend each : BACKENDS) {
            each.close();
        }
        BACKENDS.clear();
    }

    @AfterEach
    void leavesNothingInFlight() {
        velo.awaitIdle();
        assertThat(velo.requests(lane == Lane.EXPRESS ? Lane.GATEWAY : Lane.EXPRESS))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "client, /client/x,       X-Forwarded-For, 192.0.2.%d",
        "uri,    /uri/%d?x=1,     X-Other,         1",
        "header, /header/x,       x-user,          user-%d",
        "cookie, /cookie/x,       Cookie,          a=1; session=s%d; b=2",
        "query,  /query/x?a=1&user=u%d, X-Other,   1"
    })
    void sendsTheSameKeyOfTheClientsRequestToTheSameBackend(String pool, String target, String field, String value)
            throws IOException {
        TreeSet<String> met = new TreeSet<>();
        for (int key = 1; key <= 20; key++) {
            String path = target.formatted(key);
            String text = value.formatted(key);
            String expected = placed(pool, path, field, text);
            String request = "GET " + path + " HTTP/1.1\r\nHost: velo.test\r\n" + field + ": " + text + "\r\n\r\n";

            assertThat(RawClient.ask(velo.port(), request).body()).as(request).isEqualTo(expected);
            assertThat(RawClient.ask(velo.port(), request).body()).as(request).isEqualTo(expected);
            met.add(expected);
        }
        assertThat(met).as("keys are spread").containsExactly("b0", "b1", "b2");
    }

    /** What the pool itself says, without any lane. */
    private static String placed(String pool, String target, String field, String value) {
        TestRequest request = TestRequest.get(target).with(field, value);
        if (field.equals("X-Forwarded-For")) {
            request = request.from(value);
        }
        Lease lease = (Lease) velo.pool(pool).acquire(request, List.of());
        lease.headArrived(200);
        lease.complete();
        return lease.backend().id();
    }

    @ParameterizedTest
    @ValueSource(strings = {"header", "cookie", "query"})
    void placesRequestsWithoutTheKeyInTurn(String pool) throws IOException {
        List<String> answers = ask("/" + pool + "/", 6);

        assertThat(answers).containsOnly("b0", "b1", "b2");
        assertThat(answers.subList(0, 3)).isEqualTo(answers.subList(3, 6)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"two", "any", "time"})
    void servesByTheOthers(String pool) throws IOException {
        List<String> answers = ask("/" + pool + "/", 60);

        assertThat(answers).as("1 of 10^10 leaves one out").contains("b0", "b1", "b2");
        assertThat(velo.pool(pool).spec().strategy()).isEqualTo(POOLS.get(pool));
    }

    @Test
    void prefersItsOwnZoneAndTheBestPriority() throws IOException {
        assertThat(ask("/zones/", 5)).containsOnly("b1");
        assertThat(ask("/backups/", 5)).containsOnly("b2");

        velo.pool("zones").drain(velo.pool("zones").backend("b1").orElseThrow());
        velo.pool("backups").drain(velo.pool("backups").backend("b2").orElseThrow());

        assertThat(ask("/zones/", 6)).containsOnly("b0", "b2");
        assertThat(ask("/backups/", 5)).containsOnly("b0");
    }

    private List<String> ask(String target, int times) throws IOException {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(RawClient.get(velo.port(), target).body());
        }
        return answers;
    }
}
