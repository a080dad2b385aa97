package io.velo.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A client of HTTP/2 in clear text that writes frames as a test says, and reads what comes. Reads give up in time. */
public final class RawHttp2Client implements Closeable {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;
    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;

    private static final int PATIENCE_MILLIS = 30_000;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder fields = new DefaultHttp2HeadersDecoder(false);
    private final Map<Integer, Answer> answers = new ConcurrentHashMap<>();

    private RawHttp2Client(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** Connects and says its preface. */
    public static RawHttp2Client to(int port) throws IOException {
        return to(port, new byte[0]);
    }

    /** Connects and says its preface, with these settings. */
    public static RawHttp2Client to(int port, byte[] settings) throws IOException {
        return behind("", port, settings);
    }

    /** The same behind what a proxy says of whose the connection is. */
    public static RawHttp2Client behind(String header, int port, byte... settings) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        RawHttp2Client client = new RawHttp2Client(socket);
        socket.getOutputStream().write((header + PREFACE).getBytes(StandardCharsets.US_ASCII));
        client.frame(SETTINGS, 0, 0, settings);
        return client;
    }

    public RawHttp2Client frame(int type, int flags, int stream, byte... payload) throws IOException {
        socket.getOutputStream().write(bytes(type, flags, stream, payload));
        return this;
    }

    public RawHttp2Client send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    public static byte[] bytes(int type, int flags, int stream, byte... payload) {
        ByteBuf frame = Unpooled.buffer(9 + payload.length);
        frame.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
        frame.writeBytes(payload);
        return frame.array();
    }

    /** A GET without a body. */
    public RawHttp2Client get(int stream, String path) throws IOException {
        return frame(HEADERS, END_STREAM | END_HEADERS, stream, head("GET", path));
    }

    /** The head of a request as literals: names and values in turn behind the pseudo-fields. */
    public static byte[] head(String method, String path, String... more) {
        List<String> all = new ArrayList<>(
                List.of(":method", method, ":scheme", "http", ":path", path, ":authority", "velo.test"));
        all.addAll(List.of(more));
        return block(all.toArray(String[]::new));
    }

    /** Names and values in turn. */
    public static byte[] block(String... namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block.write(0); // a literal that isn't kept
            literal(block, namesAndValues[i]);
            literal(block, namesAndValues[i + 1]);
        }
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream to, String text) {
        if (text.length() < 127) {
            to.write(text.length());
        } else {
            to.write(127);
            int rest = text.length() - 127;
            while (rest >= 128) {
                to.write((rest & 127) | 128);
                rest >>= 7;
            }
            to.write(rest);
        }
        to.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads on until this stream has ended in whatever way. */
    public Answer answer(int stream) throws IOException {
        while (true) {
            Answer known = answers.get(stream);
            if (known != null && known.over()) {
                return known;
            }
            if (take() == null) {
                throw new EOFException("the connection ended before stream " + stream);
            }
        }
    }

    /** Reads on until this stream has a head. */
    public Answer head(int stream) throws IOException {
        while (!answers.containsKey(stream)) {
            if (take() == null) {
                throw new EOFException("the connection ended before stream " + stream);
            }
        }
        return answers.get(stream);
    }

    /** Reads to the end of the connection: the error of the last GOAWAY, -1 without any; a reset is an end, too. */
    public long end() {
        long error = -1;
        try {
            for (Frame frame = take(); frame != null; frame = take()) {
                if (frame.type() == GOAWAY) {
                    error = Unpooled.wrappedBuffer(frame.payload()).getUnsignedInt(4);
                }
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new IllegalStateException("the connection is still open", e);
        } catch (IOException e) {
            return error;
        }
        return error;
    }

    /** The next frame of this type. */
    public Frame next(int type) throws IOException {
        for (Frame frame = take(); frame != null; frame = take()) {
            if (frame.type() == type) {
                return frame;
            }
        }
        throw new EOFException("the connection ended before a frame of type " + type);
    }

    private Frame take() throws IOException {
        byte[] head = new byte[9];
        int first = in.read();
        if (first < 0) {
            return null;
        }
        head[0] = (byte) first;
        in.readFully(head, 1, 8);
        ByteBuf read = Unpooled.wrappedBuffer(head);
        byte[] payload = new byte[read.readMedium()];
        Frame frame = new Frame(read.readByte(), read.readByte(), read.readInt(), payload);
        in.readFully(payload);
        note(frame);
        return frame;
    }

    private void note(Frame frame) throws IOException {
        if (frame.type() == SETTINGS && (frame.flags() & ACK) == 0) {
            frame(SETTINGS, ACK, 0);
        }
        if (frame.type() != DATA && frame.type() != HEADERS && frame.type() != RST_STREAM) {
            return;
        }
        Answer answer = answers.computeIfAbsent(frame.stream(), Answer::new);
        if (frame.type() == HEADERS) {
            try {
                Http2Headers read = fields.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload()));
                answer.heads.add(read);
            } catch (Http2Exception e) {
                throw new IOException(e);
            }
        } else if (frame.type() == DATA) {
            answer.body.writeBytes(frame.payload());
        } else {
            answer.reset = Unpooled.wrappedBuffer(frame.payload()).getUnsignedInt(0);
        }
        answer.ended |= frame.type() != RST_STREAM && (frame.flags() & END_STREAM) != 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    public record Frame(int type, int flags, int stream, byte[] payload) {}

    /** What came on one stream. */
    public static final class Answer {

        private final List<Http2Headers> heads = new ArrayList<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private boolean ended;
        private long reset = -1;

        Answer(int stream) {}

        boolean over() {
            return ended || reset >= 0;
        }

        /** Whether its end was told. */
        public boolean whole() {
            return ended;
        }

        /** The error it was reset with, -1 if it wasn't. */
        public long reset() {
            return reset;
        }

        public int status() {
            return heads.isEmpty()
                    ? 0
                    : Integer.parseInt(
                            heads.get(heads.size() - 1).status() == null
                                    ? heads.get(heads.size() - 2).status().toString()
                                    : heads.get(heads.size() - 1).status().toString());
        }

        /** Interim heads, the head, trailers. */
        public List<Http2Headers> heads() {
            return heads;
        }

        public String field(String name) {
            for (Http2Headers head : heads) {
                if (head.contains(name)) {
                    return head.get(name).toString();
                }
            }
            return "";
        }

        public String body() {
            return body.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
