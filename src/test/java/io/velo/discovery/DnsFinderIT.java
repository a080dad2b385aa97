package io.velo.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import io.velo.change.BackendFinder.Search;
import io.velo.change.Finding;
import io.velo.change.FoundBackend;
import io.velo.testing.DnsServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** Looks for backends at a real name server, which is on loopback. */
class DnsFinderIT {

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Queue<Finding> told = new ConcurrentLinkedQueue<>();
    private DnsServer dns;
    private DnsFinder finder;

    @BeforeEach
    void start() {
        dns = DnsServer.start();
        DiscoverySettings settings = new DiscoverySettings(
                List.of(dns.address()), Duration.ofSeconds(3), Duration.ofMillis(50), Duration.ofMinutes(1));
        finder = new DnsFinder(() -> resolver(settings), settings, Schedulers.parallel());
    }

    private DnsNameResolver resolver(DiscoverySettings settings) {
        return new DnsNameResolverBuilder(loops.next())
                .datagramChannelType(NioDatagramChannel.class)
                .socketChannelType(NioSocketChannel.class)
                .resolveCache(NoopDnsCache.INSTANCE)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                .searchDomains(List.of())
                .queryTimeoutMillis(1000)
                .nameServerProvider(new SequentialDnsServerAddressStreamProvider(settings.nameservers()))
                .build();
    }

    @AfterEach
    void stop() {
        finder.destroy();
        dns.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** What comes of the first look. */
    private Finding look(String place) {
        try (Search search = finder.search(URI.create(place), told::add)) {
            await().until(() -> !told.isEmpty());
            return told.peek();
        }
    }

    private List<String> found(String place) {
        return told(look(place));
    }

    private static List<String> told(Finding finding) {
        assertThat(finding).isInstanceOf(Finding.Found.class);
        return ((Finding.Found) finding)
                .backends().stream()
                        .map(each -> each.id() + " " + each.uri()
                                + (each.weight().isPresent()
                                        ? " " + each.weight().getAsInt()
                                        : ""))
                        .toList();
    }

    @Test
    void findsAddresses() {
        dns.says("shop.test", 60, "10.0.0.2", "10.0.0.1", "10.0.0.2");

        assertThat(found("dns://shop.test:8080"))
                .containsExactly("10.0.0.1:8080 http://10.0.0.1:8080", "10.0.0.2:8080 http://10.0.0.2:8080");
    }

    @Test
    void findsAddressesOfSixteenBytesIfThereAreNoOthers() {
        dns.says("shop.test", DnsRecordType.AAAA, 60, NetUtil.createByteArrayFromIpAddressString("fd00::1"));

        assertThat(found("dns://shop.test:80")).containsExactly("fd00:0:0:0:0:0:0:1:80 http://[fd00:0:0:0:0:0:0:1]:80");
    }

    @Test
    void prefersTheShortOnes() {
        dns.says("shop.test", DnsRecordType.AAAA, 60, NetUtil.createByteArrayFromIpAddressString("fd00::1"));
        dns.says("shop.test", 60, "10.0.0.1");

        assertThat(found("dns://shop.test:80")).containsExactly("10.0.0.1:80 http://10.0.0.1:80");
    }

    @Test
    void followsAnAlias() {
        dns.alias("shop.test", "other.test").says("other.test", 60, "10.0.0.1");

        assertThat(found("dns://shop.test:80")).containsExactly("10.0.0.1:80 http://10.0.0.1:80");
    }

    @Test
    void findsServicesOfTheFirstPriority() {
        dns.says(
                        "_http._tcp.shop.test",
                        DnsRecordType.SRV,
                        60,
                        DnsServer.service(20, 9, 80, "reserve.test"),
                        DnsServer.service(10, 0, 8002, "b.test"),
                        DnsServer.service(10, 5, 8001, "a.test"),
                        DnsServer.service(10, 5, 8003, "gone.test"))
                .says("a.test", 60, "10.0.0.1")
                .says("b.test", 60, "10.0.0.2");

        assertThat(found("dns+srv://_http._tcp.shop.test"))
                .containsExactly("10.0.0.1:8001 http://10.0.0.1:8001 5", "10.0.0.2:8002 http://10.0.0.2:8002 1");
    }

    @Test
    void scalesLargeWeightsDown() {
        dns.says(
                        "_http._tcp.shop.test",
                        DnsRecordType.SRV,
                        60,
                        DnsServer.service(1, 65535, 1, "a.test"),
                        DnsServer.service(1, 32768, 2, "a.test"),
                        DnsServer.service(1, 1, 3, "a.test"))
                .says("a.test", 60, "10.0.0.1");

        assertThat(((Finding.Found) look("dns+srv://_http._tcp.shop.test")).backends())
                .extracting(FoundBackend::weight)
                .extracting(java.util.OptionalInt::getAsInt)
                .containsExactly(256, 128, 1);
    }

    @Test
    void asksByTcpForWhatWasCutShort() {
        dns.says("shop.test", 60, "10.0.0.1").truncating(true);

        assertThat(found("dns://shop.test:80")).containsExactly("10.0.0.1:80 http://10.0.0.1:80");
    }

    @Test
    void saysWhatWentWrong() {
        dns.says("known.test", DnsRecordType.TXT, 60, new byte[0]);
        assertThat(look("dns://unknown.test:80")).isEqualTo(new Finding.Failed("nobody is there"));
        told.clear();
        assertThat(look("dns://known.test:80")).isEqualTo(new Finding.Failed("nobody is there"));
        told.clear();
        dns.fails(DnsResponseCode.SERVFAIL);
        assertThat(((Finding.Failed) look("dns://known.test:80")).why())
                .isEqualTo("DNS query for A of known.test failed: ServFail(2)");
        told.clear();
        dns.silent(true);
        assertThat(((Finding.Failed) look("dns://known.test:80")).why())
                .isIn("DNS query for A of known.test failed: no answer", "no answer within 3000 ms");
    }

    @Test
    void doesNotTakeAFailureForAnAbsenceOfShortAddresses() {
        dns.says("shop.test", DnsRecordType.AAAA, 60, NetUtil.createByteArrayFromIpAddressString("fd00::1"));
        dns.failsFor(DnsRecordType.A, DnsResponseCode.SERVFAIL);

        assertThat(look("dns://shop.test:80")).isInstanceOf(Finding.Failed.class);
    }

    @Test
    void looksAgainAsOftenAsRecordsSay() {
        dns.says("quick.test", 0, "10.0.0.1").says("slow.test", 3600, "10.0.0.1");
        try (Search search = finder.search(URI.create("dns://quick.test:80"), told::add);
                Search slow = finder.search(URI.create("dns://slow.test:81"), told::add)) {
            await().until(() -> dns.questions() > 5);
            dns.says("quick.test", 0, "10.0.0.2");
            await().until(() -> told.stream().anyMatch(each -> told(each).contains("10.0.0.2:80 http://10.0.0.2:80")));
        }

        assertThat(told.stream().map(DnsFinderIT::told).filter(each -> each.toString()
                        .contains(":81")))
                .hasSize(1);
    }
}
