package io.velo.testing;

import static io.velo.testing.RawHttp2Client.ACK;
import static io.velo.testing.RawHttp2Client.DATA;
import static io.velo.testing.RawHttp2Client.END_HEADERS;
import static io.velo.testing.RawHttp2Client.END_STREAM;
import static io.velo.testing.RawHttp2Client.GOAWAY;
import static io.velo.testing.RawHttp2Client.HEADERS;
import static io.velo.testing.RawHttp2Client.PING;
import static io.velo.testing.RawHttp2Client.RST_STREAM;
import static io.velo.testing.RawHttp2Client.SETTINGS;
import static io.velo.testing.RawHttp2Client.WINDOW_UPDATE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** A backend of HTTP/2 in clear text that does what a test's script says, frame by frame, and remembers what reached it. */
public final class RawHttp2Backend implements Closeable {

    private static final int PREFACE = 24;
    private static final int PART = 16_384;
    private static final int PATIENCE_SECONDS = 30;

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final byte[] settings;
    private final Script script;
    private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger goAways = new AtomicInteger();
    private final AtomicInteger pings = new AtomicInteger();
    private volatile boolean deaf;
    private volatile boolean stingy;

    private RawHttp2Backend(byte[] settings, Script script) {
        this.settings = settings;
        this.script = script;
        try {
            this.server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** Runs the script for each request, on a thread of its own. */
    public static RawHttp2Backend doing(Script script) {
        return new RawHttp2Backend(new byte[0], script);
    }

    /** The same, and it allows so many requests at once on a connection. */
    public static RawHttp2Backend doing(int mostStreams, Script script) {
        byte[] setting = {
            0, 3, (byte) (mostStreams >> 24), (byte) (mostStreams >> 16), (byte) (mostStreams >> 8), (byte) mostStreams
        };
        return new RawHttp2Backend(setting, script);
    }

    public String url() {
        return "h2c://127.0.0.1:" + server.getLocalPort();
    }

    /** Requests so far. */
    public List<Exchange> exchanges() {
        return exchanges;
    }

    /** Connections so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Connections open now. */
    public int connections() {
        return open.size();
    }

    /** How often the other side has said GOAWAY. */
    public int goAways() {
        return goAways.get();
    }

    /** How often the other side has sent PING and been answered. */
    public int pings() {
        return pings.get();
    }

    /** From now on it answers no PING. */
    public RawHttp2Backend deaf() {
        deaf = true;
        return this;
    }

    /** From now on it allows no more of a request's body than it has, or as much as is sent. */
    public void stingy(boolean is) {
        stingy = is;
        if (!is) {
            exchanges.forEach(Exchange::allowRest);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Connection connection = new Connection(server.accept());
                open.add(connection);
                accepted.incrementAndGet();
                threads.execute(connection::serve);
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Connection connection : open) {
            connection.socket.close();
        }
        threads.shutdownNow();
    }

    /** What to do with one request. */
    @FunctionalInterface
    public interface Script {
        void serve(Exchange exchange) throws IOException, InterruptedException;
    }

    private final class Connection {

        private final Socket socket;
        private final DefaultHttp2HeadersDecoder fields = new DefaultHttp2HeadersDecoder(false);
        private final Map<Integer, Exchange> streams = new ConcurrentHashMap<>();
        private final Lock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private long window = 65_535;
        private long initialWindow = 65_535;
        private boolean closed;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
        }

        void serve() {
            try (socket) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                in.readFully(new byte[PREFACE]);
                write(SETTINGS, 0, 0, settings);
                while (true) {
                    byte[] head = new byte[9];
                    in.readFully(head);
                    ByteBuf read = Unpooled.wrappedBuffer(head);
                    byte[] payload = new byte[read.readMedium()];
                    in.readFully(payload);
                    take(read.readByte(), read.readByte(), read.readInt(), payload);
                }
            } catch (IOException | Http2Exception e) {
                // the other side left; tests look at what it did, not at this
            } finally {
                open.remove(this);
                change(() -> closed = true);
            }
        }

        private void take(int type, int flags, int stream, byte[] payload) throws IOException, Http2Exception {
            switch (type) {
                case SETTINGS -> settingsCame(flags, payload);
                case HEADERS -> headCame(flags, stream, payload);
                case DATA -> dataCame(flags, stream, payload);
                case WINDOW_UPDATE -> windowCame(stream, number(payload, 0));
                case PING -> pingCame(flags, payload);
                case GOAWAY -> goAways.incrementAndGet();
                case RST_STREAM -> change(() -> streams.get(stream).reset = number(payload, 0));
                default -> {}
            }
        }

        private void settingsCame(int flags, byte[] payload) throws IOException {
            if ((flags & ACK) != 0) {
                return;
            }
            for (int at = 0; at < payload.length; at += 6) {
                if (payload[at + 1] == 4) {
                    long size = number(payload, at + 2);
                    change(() -> initialWindow = size);
                }
            }
            write(SETTINGS, ACK, 0);
        }

        private void headCame(int flags, int stream, byte[] payload) throws Http2Exception {
            Http2Headers head = fields.decodeHeaders(stream, Unpooled.wrappedBuffer(payload));
            Exchange exchange = new Exchange(this, stream, head, initialWindow);
            exchange.ended = (flags & END_STREAM) != 0;
            streams.put(stream, exchange);
            exchanges.add(exchange);
            threads.execute(() -> serve(exchange));
        }

        private void serve(Exchange exchange) {
            try {
                script.serve(exchange);
            } catch (IOException | InterruptedException e) {
                // the other side left
            }
        }

        private void dataCame(int flags, int stream, byte[] payload) throws IOException {
            Exchange exchange = streams.get(stream);
            change(() -> {
                exchange.body.writeBytes(payload);
                exchange.ended |= (flags & END_STREAM) != 0;
            });
            if (payload.length > 0) {
                exchange.unallowed.addAndGet(payload.length);
                if (!stingy) {
                    exchange.allowRest();
                }
            }
        }

        private void windowCame(int stream, long more) {
            change(() -> {
                if (stream == 0) {
                    window += more;
                } else if (streams.containsKey(stream)) {
                    streams.get(stream).window += more;
                }
            });
        }

        private void pingCame(int flags, byte[] payload) throws IOException {
            if (!deaf && (flags & ACK) == 0) {
                write(PING, ACK, 0, payload);
                pings.incrementAndGet();
            }
        }

        void change(Runnable what) {
            lock.lock();
            try {
                what.run();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        synchronized void write(int type, int flags, int stream, byte... payload) throws IOException {
            socket.getOutputStream().write(RawHttp2Client.bytes(type, flags, stream, payload));
        }
    }

    private static long number(byte[] payload, int at) {
        return Unpooled.wrappedBuffer(payload).getUnsignedInt(at);
    }

    private static byte[] bytes(long... numbers) {
        ByteBuf all = Unpooled.buffer();
        Arrays.stream(numbers).forEach(number -> all.writeInt((int) number));
        byte[] bytes = new byte[all.readableBytes()];
        all.readBytes(bytes);
        return bytes;
    }

    /** One request, and the means to answer it in whatever way. */
    public static final class Exchange {

        private final Connection connection;
        private final int stream;
        private final Http2Headers head;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private long window;
        private final AtomicInteger unallowed = new AtomicInteger();
        private boolean ended;
        private long reset = -1;

        private Exchange(Connection connection, int stream, Http2Headers head, long window) {
            this.connection = connection;
            this.stream = stream;
            this.head = head;
            this.window = window;
        }

        public Http2Headers head() {
            return head;
        }

        public String path() {
            return String.valueOf(head.path());
        }

        public int stream() {
            return stream;
        }

        /** Which connection it came on. */
        public int port() {
            return connection.socket.getPort();
        }

        /** The body so far. */
        public int received() {
            connection.lock.lock();
            try {
                return body.size();
            } finally {
                connection.lock.unlock();
            }
        }

        private void allowRest() {
            int allowed = unallowed.getAndSet(0);
            if (allowed > 0) {
                try {
                    connection.write(WINDOW_UPDATE, 0, 0, bytes(allowed));
                    connection.write(WINDOW_UPDATE, 0, stream, bytes(allowed));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        /** Waits for the whole body. */
        public String body() throws IOException, InterruptedException {
            await(() -> ended);
            return body.toString(StandardCharsets.ISO_8859_1);
        }

        /** Waits until the other side resets the stream, and says with what. */
        public long awaitReset() throws IOException, InterruptedException {
            await(() -> reset >= 0);
            return reset;
        }

        private void await(java.util.function.BooleanSupplier wanted) throws IOException, InterruptedException {
            connection.lock.lock();
            try {
                long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
                while (!wanted.getAsBoolean()) {
                    if (connection.closed || reset >= 0 || left <= 0) {
                        throw new IOException("stream " + stream + " is over: " + reset);
                    }
                    left = connection.changed.awaitNanos(left);
                }
            } finally {
                connection.lock.unlock();
            }
        }

        public void answer(int status, String text) throws IOException, InterruptedException {
            head(status, "content-length", Integer.toString(text.length()));
            data(text, true);
        }

        /** The head of an answer: names and values in turn behind the status. */
        public void head(int status, String... more) throws IOException {
            head(END_HEADERS, status, more);
        }

        /** The same, and that is all. */
        public void onlyHead(int status, String... more) throws IOException {
            head(END_HEADERS | END_STREAM, status, more);
        }

        private void head(int flags, int status, String... more) throws IOException {
            List<String> all = new ArrayList<>(List.of(":status", Integer.toString(status)));
            all.addAll(List.of(more));
            frame(HEADERS, flags, RawHttp2Client.block(all.toArray(String[]::new)));
        }

        /** A part of the body, as soon as it may be sent. */
        public void data(String text, boolean last) throws IOException, InterruptedException {
            byte[] all = text.getBytes(StandardCharsets.ISO_8859_1);
            int at = 0;
            do {
                int size = Math.min(PART, all.length - at);
                await(() -> takes(size));
                at += size;
                frame(DATA, last && at == all.length ? END_STREAM : 0, Arrays.copyOfRange(all, at - size, at));
            } while (at < all.length);
        }

        private boolean takes(int size) {
            if (size > 0 && (window < size || connection.window < size)) {
                return false;
            }
            window -= size;
            connection.window -= size;
            return true;
        }

        public void trailers(String... namesAndValues) throws IOException {
            frame(HEADERS, END_HEADERS | END_STREAM, RawHttp2Client.block(namesAndValues));
        }

        public void reset(long code) throws IOException {
            frame(RST_STREAM, 0, bytes(code));
        }

        /** Ends the whole connection, of which the streams up to this one are worked on. */
        public void goAway(int lastStream) throws IOException {
            connection.write(GOAWAY, 0, 0, bytes(lastStream, 0));
        }

        /** Cuts the whole connection. */
        public void cut() throws IOException {
            connection.socket.close();
        }

        public void frame(int type, int flags, byte... payload) throws IOException {
            connection.write(type, flags, stream, payload);
        }
    }
}
