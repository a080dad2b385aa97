package io.velo.testing;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A backend that does exactly what a test's script says, byte by byte, and remembers what reached it. */
public final class RawBackend implements Closeable {

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Script script;
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private RawBackend(Script script) {
        this.script = script;
        try {
            this.server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** Runs the script for each request. */
    public static RawBackend doing(Script script) {
        return new RawBackend(script);
    }

    /** Answers each request with 200 and this text. */
    public static RawBackend saying(String text) {
        return doing(exchange -> exchange.answer(200, text));
    }

    /** Resets each connection as soon as a request has come. */
    public static RawBackend resetting() {
        return doing(Exchange::reset);
    }

    public int port() {
        return server.getLocalPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** Heads of the requests so far, as they came. */
    public List<String> heads() {
        return heads;
    }

    public int requests() {
        return heads.size();
    }

    /** Connections open now. */
    public int connections() {
        return open.size();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                if (server.isClosed()) {
                    socket.close(); // it came while the thread that accepts had not yet heard of the end
                    return;
                }
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            while (true) {
                String head = readHead(socket.getInputStream());
                if (head.isEmpty()) {
                    return;
                }
                heads.add(head);
                script.serve(new Exchange(socket, head));
                if (socket.isClosed()) {
                    return;
                }
            }
        } catch (IOException e) {
            // the other side left; tests look at what it did, not at this
        } finally {
            open.remove(socket);
        }
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!endsWithBlankLine(head)) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static boolean endsWithBlankLine(ByteArrayOutputStream head) {
        return head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n");
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }

    /** What to do with one request. */
    @FunctionalInterface
    public interface Script {
        void serve(Exchange exchange) throws IOException;
    }

    /** One request, and the means to answer it in whatever way. */
    public record Exchange(Socket socket, String head) {

        public String method() {
            return head.substring(0, head.indexOf(' '));
        }

        /** The target as it came. */
        public String target() {
            return head.split(" ", 3)[1];
        }

        /** The value of a field, or an empty string. */
        public String field(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }

        /** Reads a body of the length that the head tells. */
        public byte[] body() throws IOException {
            String length = field("Content-Length");
            return socket.getInputStream().readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
        }

        /** Reads a chunked body, with its framing, to the end of the trailers. */
        public String chunkedBody() throws IOException {
            StringBuilder all = new StringBuilder();
            while (true) {
                String size = line(all);
                int length = Integer.parseInt(size.split(";", 2)[0].strip(), 16);
                if (length == 0) {
                    while (!line(all).isEmpty()) {
                        // a trailer
                    }
                    return all.toString();
                }
                byte[] chunk = socket.getInputStream().readNBytes(length);
                all.append(new String(chunk, StandardCharsets.ISO_8859_1));
                line(all);
            }
        }

        private String line(StringBuilder all) throws IOException {
            int start = all.length();
            while (all.length() < start + 2 || all.charAt(all.length() - 1) != '\n') {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    throw new IOException("the body broke off after " + all);
                }
                all.append((char) next);
            }
            return all.substring(start, all.length() - 2);
        }

        public void send(String bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        public void answer(int status, String text) throws IOException {
            body();
            send("HTTP/1.1 " + status + " X\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
        }

        /** Closes with a reset instead of an orderly end. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Waits until the other side has closed. */
        public void awaitClose() throws IOException {
            while (socket.getInputStream().read() >= 0) {
                // what still comes doesn't matter
            }
        }
    }
}
