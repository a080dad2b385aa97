package io.velo.testing;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client that sends what a test says and reads what comes, byte by byte. Reads give up after half a minute. */
public final class RawClient implements Closeable {

    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;

    private RawClient(Socket socket) {
        this.socket = socket;
    }

    public static RawClient to(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new RawClient(socket);
    }

    /** From another one of this machine's own addresses, such as 127.0.0.2. */
    public static RawClient from(String address, int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(address), 0);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new RawClient(socket);
    }

    /** By TLS, whatever certificate the server shows. */
    public static RawClient byTls(int port, String... protocols) throws Exception {
        return byTls(port, null, protocols);
    }

    /** The same with these keys, to show a certificate by. */
    public static RawClient byTls(int port, KeyManager[] keys, String... protocols) throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(keys, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new RawClient(socket);
    }

    /** By TLS, as this context has it, asking for a name. */
    public static RawClient byTls(int port, SSLContext context, String serverName) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(serverName)));
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new RawClient(socket);
    }

    /** The certificate that the server has shown. */
    public X509Certificate certificate() throws IOException {
        return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
    }

    /** One request on a connection of its own. */
    public static Answer ask(int port, String request) throws IOException {
        try (RawClient client = to(port)) {
            return client.send(request).read();
        }
    }

    /** A GET on a connection of its own. */
    public static Answer get(int port, String target) throws IOException {
        return ask(port, "GET " + target + " HTTP/1.1\r\nHost: velo.test\r\n\r\n");
    }

    public RawClient send(String bytes) throws IOException {
        return send(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Reads one answer, by its length, its chunks, or to the end of the connection. */
    public Answer read() throws IOException {
        return read(false);
    }

    /** Reads one answer; one to HEAD has no body whatever its head says. */
    public Answer read(boolean toHead) throws IOException {
        String head = head();
        Answer noBody = new Answer(head, "", true);
        int status = noBody.status();
        if (toHead || status == 204 || status == 304 || status < 200) {
            return noBody;
        }
        if (noBody.field("Transfer-Encoding").equalsIgnoreCase("chunked")) {
            return chunked(head);
        }
        String length = noBody.field("Content-Length");
        byte[] body = length.isEmpty()
                ? socket.getInputStream().readAllBytes()
                : socket.getInputStream().readNBytes(Integer.parseInt(length));
        boolean whole = length.isEmpty() || body.length == Integer.parseInt(length);
        return new Answer(head, new String(body, StandardCharsets.ISO_8859_1), whole);
    }

    private Answer chunked(String head) throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            String size = line();
            if (size.isEmpty()) {
                return new Answer(head, body.toString(), false);
            }
            int length = Integer.parseInt(size.strip(), 16);
            if (length == 0) {
                StringBuilder trailers = new StringBuilder();
                for (String trailer = line(); !trailer.equals("\r\n"); trailer = line()) {
                    trailers.append(trailer);
                }
                return new Answer(head + trailers, body.toString(), true);
            }
            byte[] chunk = socket.getInputStream().readNBytes(length);
            body.append(new String(chunk, StandardCharsets.ISO_8859_1));
            if (chunk.length < length) {
                return new Answer(head, body.toString(), false);
            }
            line();
        }
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        String line;
        do {
            line = line();
            if (line.isEmpty()) {
                throw new IOException("the connection ended inside the head: '" + head + "'");
            }
            head.append(line);
        } while (!line.equals("\r\n"));
        return head.toString();
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            line.write(next);
            if (next == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    /** The next byte, -1 if the connection has ended. */
    public int readByte() throws IOException {
        return socket.getInputStream().read();
    }

    public InputStream in() throws IOException {
        return socket.getInputStream();
    }

    /** Leaves with a reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /**
     * An answer.
     *
     * @param head status line, fields and trailers, as they came
     * @param whole whether the body was as long as its framing promised
     */
    public record Answer(String head, String body, boolean whole) {

        public int status() {
            return Integer.parseInt(head.split(" ", 3)[1].strip());
        }

        /** The value of a field, or an empty string. */
        public String field(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }
}
