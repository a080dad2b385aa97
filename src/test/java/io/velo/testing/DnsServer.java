package io.velo.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuery;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsOpCode;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A name server on loopback, by UDP and TCP on one port, that says what a test wants, from the next question on. */
public final class DnsServer implements AutoCloseable {

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, List<Data>> records = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private final Channel tcp;
    private final Channel udp;
    private final Map<DnsRecordType, DnsResponseCode> failing = new ConcurrentHashMap<>();
    private volatile DnsResponseCode trouble = DnsResponseCode.NOERROR;
    private volatile boolean silent;
    private volatile boolean truncating;

    private DnsServer() {
        tcp = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(speaking(
                        () -> List.of(new TcpDnsQueryDecoder(), new TcpDnsResponseEncoder(), new TcpHandler())))
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        udp = new Bootstrap()
                .group(loops)
                .channel(NioDatagramChannel.class)
                .handler(speaking(() ->
                        List.of(new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder(), new UdpHandler())))
                .bind("127.0.0.1", port())
                .syncUninterruptibly()
                .channel();
    }

    private static ChannelInitializer<Channel> speaking(Supplier<List<ChannelHandler>> handlers) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                handlers.get().forEach(channel.pipeline()::addLast);
            }
        };
    }

    public static DnsServer start() {
        return new DnsServer();
    }

    public int port() {
        return ((InetSocketAddress) tcp.localAddress()).getPort();
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) tcp.localAddress();
    }

    public int questions() {
        return questions.get();
    }

    /** From now on these are the records of a name and type; none is an answer, too. */
    public DnsServer says(String name, DnsRecordType type, long ttl, byte[]... data) {
        records.put(
                name + " " + type.name(),
                Stream.of(data).map(bytes -> new Data(type, ttl, bytes)).toList());
        return this;
    }

    /** From now on these are the addresses of a name. */
    public DnsServer says(String name, long ttl, String... addresses) {
        return says(
                name,
                DnsRecordType.A,
                ttl,
                Stream.of(addresses)
                        .map(NetUtil::createByteArrayFromIpAddressString)
                        .toArray(byte[][]::new));
    }

    /** From now on a name is another name for that one. */
    public DnsServer alias(String name, String of) {
        records.put(name + " CNAME", List.of(new Data(DnsRecordType.CNAME, 60, encoded(of))));
        return this;
    }

    /** The data of a record that says where a service is. */
    public static byte[] service(int priority, int weight, int port, String target) {
        ByteBuf data = Unpooled.buffer().writeShort(priority).writeShort(weight).writeShort(port);
        data.writeBytes(encoded(target));
        byte[] bytes = new byte[data.readableBytes()];
        data.readBytes(bytes);
        return bytes;
    }

    private static byte[] encoded(String name) {
        ByteBuf data = Unpooled.buffer();
        for (String label : name.split("\\.", -1)) {
            data.writeByte(label.length()).writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        if (!name.endsWith(".")) {
            data.writeByte(0);
        }
        byte[] bytes = new byte[data.readableBytes()];
        data.readBytes(bytes);
        return bytes;
    }

    /** From now on all questions are answered with this code; with {@code NOERROR} by what there is. */
    public DnsServer fails(DnsResponseCode code) {
        trouble = code;
        return this;
    }

    /** From now on questions of that type are answered with this code. */
    public DnsServer failsFor(DnsRecordType type, DnsResponseCode code) {
        failing.put(type, code);
        return this;
    }

    /** Whether nothing is answered from now on. */
    public DnsServer silent(boolean now) {
        silent = now;
        return this;
    }

    /** Whether answers by UDP are cut short from now on. */
    public DnsServer truncating(boolean now) {
        truncating = now;
        return this;
    }

    private void answer(DnsQuestion question, DnsResponse response, boolean byTcp) {
        response.addRecord(DnsSection.QUESTION, question);
        response.setRecursionAvailable(true);
        DnsResponseCode code = failing.getOrDefault(question.type(), trouble);
        if (!code.equals(DnsResponseCode.NOERROR)) {
            response.setCode(code);
        } else if (truncating && !byTcp) {
            response.setTruncated(true);
        } else {
            List<DnsRecord> found = new ArrayList<>();
            String name = question.name().replaceAll("\\.$", "");
            List<Data> alias = records.getOrDefault(name + " CNAME", List.of());
            alias.forEach(data -> found.add(data.of(question.name())));
            records.getOrDefault(name + " " + question.type().name(), List.of())
                    .forEach(data -> found.add(data.of(question.name())));
            boolean known = records.keySet().stream().anyMatch(key -> key.startsWith(name + " "));
            response.setCode(known ? DnsResponseCode.NOERROR : DnsResponseCode.NXDOMAIN);
            found.forEach(record -> response.addRecord(DnsSection.ANSWER, record));
        }
    }

    @Override
    public void close() {
        tcp.close().syncUninterruptibly();
        udp.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private record Data(DnsRecordType type, long ttl, byte[] bytes) {
        DnsRecord of(String name) {
            return new DefaultDnsRawRecord(name, type, ttl, Unpooled.wrappedBuffer(bytes));
        }
    }

    private final class UdpHandler extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
            questions.incrementAndGet();
            if (!silent) {
                DatagramDnsResponse response = new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
                answer(query.recordAt(DnsSection.QUESTION), response, false);
                ctx.writeAndFlush(response);
            }
        }
    }

    private final class TcpHandler extends SimpleChannelInboundHandler<DefaultDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DefaultDnsQuery query) {
            if (!silent) {
                DnsResponse response = new DefaultDnsResponse(query.id(), DnsOpCode.QUERY);
                answer(query.recordAt(DnsSection.QUESTION), response, true);
                ctx.writeAndFlush(response);
            }
        }
    }
}
