package io.velo.accesslog;

import ch.qos.logback.core.encoder.EncoderBase;
import io.velo.route.RequestRecord;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The combined format: {@code client - - [time] "method target protocol" status bytes "referer" "user agent"}. What clients
 * send is escaped as {@code \xHH} wherever it could end its field or its line, so that nobody can forge either. For one thread.
 */
final class CombinedLines extends EncoderBase<RequestRecord> {

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] NOTHING = {};

    private final Seconds times = new Seconds("dd/MMM/yyyy:HH:mm:ss Z");
    private final StringBuilder line = new StringBuilder(256);

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(RequestRecord request) {
        line.setLength(0);
        field(request.asked().client());
        line.append(" - - [").append(times.of(request.asked().time())).append("] \"");
        requestLine(request.asked());
        line.append("\" ")
                .append(request.answered().status())
                .append(' ')
                .append(request.answered().bytesOut())
                .append(" \"");
        field(request.asked().referer());
        line.append("\" \"");
        field(request.asked().userAgent());
        line.append("\"\n");
        return line.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private void requestLine(RequestRecord.Asked asked) {
        if (asked.method().isEmpty()) {
            line.append('-');
            return;
        }
        field(asked.method());
        line.append(' ');
        field(asked.target());
        line.append(' ').append(asked.protocol());
    }

    private void field(String text) {
        if (text.isEmpty()) {
            line.append('-');
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                line.append("\\x").append(HEX.toHexDigits((byte) c));
            } else {
                line.append(c);
            }
        }
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
