package io.velo.config;

import io.netty.util.NetUtil;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name server as configurations write it: {@code 10.0.0.53}, {@code 10.0.0.53:5353}, {@code [fd00::53]:5353}.
 *
 * @param host an address, no name
 * @param port 0 for the usual one
 */
record NameserverAddress(String host, int port) {

    private static final Pattern WRITTEN = Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([0-9.]+))(?::(\\d{1,5}))?");

    static Optional<NameserverAddress> parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            return NetUtil.isValidIpV6Address(text) ? Optional.of(new NameserverAddress(text, 0)) : Optional.empty();
        }
        boolean v6 = matcher.group(1) != null;
        String host = v6 ? matcher.group(1) : matcher.group(2);
        int port = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        boolean valid = v6 ? NetUtil.isValidIpV6Address(host) : NetUtil.isValidIpV4Address(host);
        boolean portValid = port <= 65535 && !(matcher.group(3) != null && port == 0);
        return valid && portValid ? Optional.of(new NameserverAddress(host, port)) : Optional.empty();
    }
}
